"""The pages of a system with much in it: a database that is filled by SQL, a gateway of its own, and a browser."""
