"""When a feed is asked again, and why. Pure."""
