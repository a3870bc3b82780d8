"""The plugin niquests: importing it registers it."""

from .niquests import NiquestsServiceManager

__all__ = ["NiquestsServiceManager"]
