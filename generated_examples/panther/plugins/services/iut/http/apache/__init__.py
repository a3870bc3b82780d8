"""The plugin apache: importing it registers it."""

from .apache import ApacheServiceManager

__all__ = ["ApacheServiceManager"]
