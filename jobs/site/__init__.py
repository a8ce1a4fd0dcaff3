"""The service's own port: signs of life, metrics, and the pages that are added to them."""
