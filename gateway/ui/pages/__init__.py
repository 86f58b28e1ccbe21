"""One module a page: reads, then a template."""
