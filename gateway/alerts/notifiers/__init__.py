"""How a message leaves the system: one file for each kind of receiver."""
