"""Which articles tell the same text. Pure."""
