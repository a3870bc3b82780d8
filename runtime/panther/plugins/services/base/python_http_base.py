"""The base class of plugins for HTTP implementations written in Python."""

from __future__ import annotations

from panther.plugins.services.base.http_service_base import BaseHTTPServiceManager
from panther.plugins.services.base.python_implementation import PythonServiceManager

__all__ = ["PythonHTTPServiceManager"]


class PythonHTTPServiceManager(PythonServiceManager, BaseHTTPServiceManager):
    """Service manager of an HTTP implementation that is a Python module."""
