"""The base classes that plugins derive from, and the contract between the two."""

from panther.plugins.services.base.command import Command
from panther.plugins.services.base.contract import overrides_workflow, template_method, workflow_method
from panther.plugins.services.base.docker_build_base import DockerBuilderFactory
from panther.plugins.services.base.http_service_base import BaseHTTPServiceManager
from panther.plugins.services.base.integrity import seal
from panther.plugins.services.base.minip_service_base import BaseMinipServiceManager
from panther.plugins.services.base.python_http_base import PythonHTTPServiceManager
from panther.plugins.services.base.python_quic_base import PythonQUICServiceManager
from panther.plugins.services.base.quic_service_base import BaseQUICServiceManager
from panther.plugins.services.base.rust_quic_base import RustQUICServiceManager
from panther.plugins.services.base.service_manager_base import BaseServiceManager
from panther.plugins.services.base.tcp_service_base import BaseTCPServiceManager

__all__ = [
    "BaseHTTPServiceManager",
    "BaseMinipServiceManager",
    "BaseQUICServiceManager",
    "BaseServiceManager",
    "BaseTCPServiceManager",
    "Command",
    "DockerBuilderFactory",
    "PythonHTTPServiceManager",
    "PythonQUICServiceManager",
    "RustQUICServiceManager",
    "overrides_workflow",
    "template_method",
    "workflow_method",
]

seal(
    {
        base
        for manager in (
            BaseMinipServiceManager,
            BaseTCPServiceManager,
            PythonHTTPServiceManager,
            PythonQUICServiceManager,
            RustQUICServiceManager,
        )
        for base in manager.__mro__
        if base.__module__.startswith(f"{__name__}.")
    }
)
