"""From a page's bytes to an article. Pure."""
