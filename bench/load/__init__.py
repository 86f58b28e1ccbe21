"""Load for a bench: documents, approvals in closed and open loops, and latencies from each due time."""
