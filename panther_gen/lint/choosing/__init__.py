"""Which findings count: rules selected, lines suppressed, findings known from before."""
