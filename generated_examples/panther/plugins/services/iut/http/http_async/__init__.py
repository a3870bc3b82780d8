"""The plugin http_async: importing it registers it."""

from .http_async import HttpAsyncServiceManager

__all__ = ["HttpAsyncServiceManager"]
