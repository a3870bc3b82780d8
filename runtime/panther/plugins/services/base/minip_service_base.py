"""The base class of plugins for implementations of MINIP, a ping-pong protocol over UDP."""

from __future__ import annotations

from typing import ClassVar

from panther.plugins.services.base.parameters import MinipParameters, ServiceParameters
from panther.plugins.services.base.service_manager_base import BaseServiceManager

__all__ = ["BaseMinipServiceManager"]


class BaseMinipServiceManager(BaseServiceManager):
    """Service manager of an implementation of MINIP, a ping-pong protocol over UDP.

    Template methods get the parameters of :class:`~panther.plugins.services.base.parameters.MinipParameters`.
    """

    protocol_name: ClassVar[str] = "minip"
    parameters_class: ClassVar[type[ServiceParameters]] = MinipParameters
