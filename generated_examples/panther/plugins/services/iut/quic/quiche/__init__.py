"""The plugin quiche: importing it registers it."""

from .quiche import QuicheServiceManager

__all__ = ["QuicheServiceManager"]
