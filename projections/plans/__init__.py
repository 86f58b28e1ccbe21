"""The read model of plans: the list, one plan, and the results of its channels."""
