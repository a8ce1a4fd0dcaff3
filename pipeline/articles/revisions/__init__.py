"""What changed between two texts of one article. Pure."""
