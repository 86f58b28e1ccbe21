"""What surrounds every request: `door.py` (routes, and who may use them), limits, request ids, traces, OpenAPI."""
