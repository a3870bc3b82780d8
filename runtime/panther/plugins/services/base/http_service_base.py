"""The base class of plugins for implementations of HTTP (RFC 9110)."""

from __future__ import annotations

from typing import ClassVar

from panther.plugins.services.base.parameters import HTTPParameters, ServiceParameters
from panther.plugins.services.base.service_manager_base import BaseServiceManager

__all__ = ["BaseHTTPServiceManager"]


class BaseHTTPServiceManager(BaseServiceManager):
    """Service manager of an implementation of HTTP (RFC 9110).

    Template methods get the parameters of :class:`~panther.plugins.services.base.parameters.HTTPParameters`.
    """

    protocol_name: ClassVar[str] = "http"
    parameters_class: ClassVar[type[ServiceParameters]] = HTTPParameters
