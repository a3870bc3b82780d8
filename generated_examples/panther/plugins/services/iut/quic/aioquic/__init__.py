"""The plugin aioquic: importing it registers it."""

from .aioquic import AioquicServiceManager

__all__ = ["AioquicServiceManager"]
