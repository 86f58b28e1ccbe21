"""The verdict in words: one English text for each kind of finding, which the pages translate."""
