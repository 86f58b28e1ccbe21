"""The failure policy around every handler: order, retries, dead letters, and priority among waiting records."""
