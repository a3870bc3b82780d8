"""The plugin picoquic: importing it registers it."""

from .picoquic import PicoquicServiceManager

__all__ = ["PicoquicServiceManager"]
