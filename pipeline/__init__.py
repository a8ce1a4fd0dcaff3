"""News feeds in, a Postgres database of clean articles out: read `pipeline.flow` first."""

from importlib.metadata import version

__version__ = version("broadsheet")
