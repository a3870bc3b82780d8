"""The plugin curl: importing it registers it."""

from .curl import CurlServiceManager

__all__ = ["CurlServiceManager"]
