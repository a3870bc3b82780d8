"""The plugin quinn: importing it registers it."""

from .quinn import QuinnServiceManager

__all__ = ["QuinnServiceManager"]
