"""Live changes for open pages and clients of `/api/events`: who listens, what each may see, what each missed."""
