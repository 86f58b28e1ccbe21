"""What hostile clients cost everybody else."""
