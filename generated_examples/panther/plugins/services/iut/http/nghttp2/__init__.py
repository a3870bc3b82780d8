"""The plugin nghttp2: importing it registers it."""

from .nghttp2 import Nghttp2ServiceManager

__all__ = ["Nghttp2ServiceManager"]
