"""The plugin ping_pong: importing it registers it."""

from .ping_pong import PingPongServiceManager

__all__ = ["PingPongServiceManager"]
