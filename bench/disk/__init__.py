"""What a plan leaves in the database."""
