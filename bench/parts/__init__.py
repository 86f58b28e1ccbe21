"""The parts of `make bench`, such as approvals, uploads, rebuilds and growth; systems take turns."""
