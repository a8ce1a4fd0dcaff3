"""News feeds in, a Postgres database of clean articles out: read `pipeline.flow` first."""
