"""The plugin h2o: importing it registers it."""

from .h2o import H2oServiceManager

__all__ = ["H2oServiceManager"]
