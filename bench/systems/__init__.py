"""The systems that `make bench` measures: this one, an earlier commit, BullMQ and Procrastinate."""
