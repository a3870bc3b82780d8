"""What rules say of themselves, and how the next one is started."""
