"""The configuration models that plugins derive theirs from, and their validation."""
