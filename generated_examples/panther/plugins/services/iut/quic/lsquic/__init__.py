"""The plugin lsquic: importing it registers it."""

from .lsquic import LsquicServiceManager

__all__ = ["LsquicServiceManager"]
