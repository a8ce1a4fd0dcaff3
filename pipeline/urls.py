"""Addresses: which may be asked for, and when two of them name the same article."""
