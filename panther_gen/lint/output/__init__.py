"""A report in the form that was asked for."""
