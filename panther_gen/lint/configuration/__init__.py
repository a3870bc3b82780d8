"""What the project's own configuration says."""
