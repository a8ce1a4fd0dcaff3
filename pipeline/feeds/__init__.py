"""From feed bytes to entries, and when to ask again. Pure."""
