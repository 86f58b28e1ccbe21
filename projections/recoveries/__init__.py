"""The read model of the recovery log: stalls with cause, recovery and outcome."""
