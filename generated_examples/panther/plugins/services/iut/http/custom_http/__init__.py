"""The plugin custom_http: importing it registers it."""

from .custom_http import CustomHttpServiceManager

__all__ = ["CustomHttpServiceManager"]
