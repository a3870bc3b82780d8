"""Classes with their bases resolved, and what follows from that: contracts, look-ups, overrides."""
