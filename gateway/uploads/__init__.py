"""From an uploaded document to an accepted plan. `uploading.py` is the way; mappings, costs and stock are beside it."""
