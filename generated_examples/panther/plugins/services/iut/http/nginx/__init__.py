"""The plugin nginx: importing it registers it."""

from .nginx import NginxServiceManager

__all__ = ["NginxServiceManager"]
