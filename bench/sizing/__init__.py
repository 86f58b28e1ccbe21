"""What many plans a second would need, and how long one would wait there: computed and simulated."""
