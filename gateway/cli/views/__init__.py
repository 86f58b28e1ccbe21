"""How answers look in a terminal: documents in, rich renderables out."""
