"""Contracts: of the shipped base classes, and of other packages."""
