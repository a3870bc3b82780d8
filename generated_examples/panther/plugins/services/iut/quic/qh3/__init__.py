"""The plugin qh3: importing it registers it."""

from .qh3 import Qh3ServiceManager

__all__ = ["Qh3ServiceManager"]
