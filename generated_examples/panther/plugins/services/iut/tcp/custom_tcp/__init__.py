"""The plugin custom_tcp: importing it registers it."""

from .custom_tcp import CustomTcpServiceManager

__all__ = ["CustomTcpServiceManager"]
