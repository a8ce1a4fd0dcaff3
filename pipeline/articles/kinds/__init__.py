"""What sort of page this is, and what stands in an article's place. Pure."""
