"""What the entries of a feed are known by. Pure."""
