"""How answers look in a terminal. Pure: documents in, rich renderables out."""
