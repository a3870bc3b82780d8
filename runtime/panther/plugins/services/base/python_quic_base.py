"""The base class of plugins for QUIC implementations written in Python."""

from __future__ import annotations

from panther.plugins.services.base.python_implementation import PythonServiceManager
from panther.plugins.services.base.quic_service_base import BaseQUICServiceManager

__all__ = ["PythonQUICServiceManager"]


class PythonQUICServiceManager(PythonServiceManager, BaseQUICServiceManager):
    """Service manager of a QUIC implementation that is a Python module."""
