"""What figures mean: how each is computed, what it needs, why it is unknown; for the pages, the API and the CLI."""
