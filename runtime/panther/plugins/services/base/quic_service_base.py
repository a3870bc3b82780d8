"""The base class of plugins for implementations of QUIC (RFC 9000)."""

from __future__ import annotations

from typing import ClassVar

from panther.plugins.services.base.parameters import QUICParameters, ServiceParameters
from panther.plugins.services.base.service_manager_base import BaseServiceManager

__all__ = ["BaseQUICServiceManager"]


class BaseQUICServiceManager(BaseServiceManager):
    """Service manager of an implementation of QUIC (RFC 9000).

    Template methods get the parameters of :class:`~panther.plugins.services.base.parameters.QUICParameters`.
    """

    protocol_name: ClassVar[str] = "quic"
    parameters_class: ClassVar[type[ServiceParameters]] = QUICParameters
