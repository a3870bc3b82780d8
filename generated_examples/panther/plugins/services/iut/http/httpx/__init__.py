"""The plugin httpx: importing it registers it."""

from .httpx import HttpxServiceManager

__all__ = ["HttpxServiceManager"]
