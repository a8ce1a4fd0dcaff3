"""From the bytes of a feed to what it says. Pure."""
