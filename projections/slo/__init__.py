"""The read model of the objectives: counts by the hour, and the plans that missed one."""
