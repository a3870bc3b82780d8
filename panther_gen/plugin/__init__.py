"""Plugin directories, read from source: found, described, never imported."""
