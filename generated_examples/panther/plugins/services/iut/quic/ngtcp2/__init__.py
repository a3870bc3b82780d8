"""The plugin ngtcp2: importing it registers it."""

from .ngtcp2 import Ngtcp2ServiceManager

__all__ = ["Ngtcp2ServiceManager"]
