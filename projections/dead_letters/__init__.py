"""The read model of dead letters: each record that could not be handled, and what people did about it."""
