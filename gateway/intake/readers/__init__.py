"""One reader per kind of document. Each is imported only when it is needed: start-up time is upload time."""
