"""Broken on purpose: services under kills, outages and full disks lose nothing and double nothing.

`python -m tests.chaos --seed 1 --minutes 8` runs all stages; `make test` runs a minute of it.
"""
