"""What the routes work with (pools, commands, live changes), and the metrics of a gateway."""
