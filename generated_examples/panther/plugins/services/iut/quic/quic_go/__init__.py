"""The plugin quic_go: importing it registers it."""

from .quic_go import QuicGoServiceManager

__all__ = ["QuicGoServiceManager"]
