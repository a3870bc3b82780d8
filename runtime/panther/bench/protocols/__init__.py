"""What a test of each protocol serves, watches and proves: one module a protocol, named after it.

To add a protocol, add a module here whose ``CASE`` is a :class:`~panther.bench.protocols.base.ProtocolCase`.
A protocol without a module is judged as :mod:`panther.bench.protocols.custom` says.
"""

from __future__ import annotations

import importlib
import pkgutil

from panther.bench.protocols.base import ProtocolCase

__all__ = ["ProtocolCase", "case_for"]


def case_for(protocol: str) -> ProtocolCase:
    """Return the case of a protocol.

    Args:
        protocol: the name that the service manager's base class has; empty for a custom protocol.
    """
    known = {module.name for module in pkgutil.iter_modules(__path__)} - {"base"}
    module = importlib.import_module(f"{__name__}.{protocol if protocol in known else 'custom'}")
    case: ProtocolCase = module.CASE
    return case
