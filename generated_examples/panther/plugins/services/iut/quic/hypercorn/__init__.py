"""The plugin hypercorn: importing it registers it."""

from .hypercorn import HypercornServiceManager

__all__ = ["HypercornServiceManager"]
