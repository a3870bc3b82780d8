"""Files and modules on disk, and what was seen of them."""
