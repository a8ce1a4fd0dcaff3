"""Which feeds to follow: lists of feeds, feeds named on a page, and their credentials. Pure."""
