"""A page's text: from bytes to paragraphs. Pure."""
