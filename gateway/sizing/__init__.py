"""How many processes, cores and disks a rate of plans needs: computed from what one plan was measured to cost."""
