"""The plugin caddy: importing it registers it."""

from .caddy import CaddyServiceManager

__all__ = ["CaddyServiceManager"]
