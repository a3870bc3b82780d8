"""The base class of plugins for implementations of a protocol of their own over TCP (RFC 9293)."""

from __future__ import annotations

from typing import ClassVar

from panther.plugins.services.base.parameters import EchoParameters, ServiceParameters
from panther.plugins.services.base.service_manager_base import BaseServiceManager

__all__ = ["BaseTCPServiceManager"]


class BaseTCPServiceManager(BaseServiceManager):
    """Service manager of an implementation of a protocol of their own over TCP (RFC 9293).

    Template methods get the parameters of :class:`~panther.plugins.services.base.parameters.EchoParameters`.
    """

    protocol_name: ClassVar[str] = "tcp"
    parameters_class: ClassVar[type[ServiceParameters]] = EchoParameters
