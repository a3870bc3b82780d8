"""Service manager of custom_tcp."""

from pathlib import Path
from typing import Any, ClassVar

from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base.local_build import LocalBuild
from panther.plugins.services.base.tcp_service_base import BaseTCPServiceManager

ENDPOINT = Path(__file__).resolve().parent / "endpoint"
INSTALL = "apt-get install gcc libc6-dev make"

PROGRAM = LocalBuild(
    name="custom_tcp",
    commands=[
        ["cp", "-r", f"{ENDPOINT}/.", "{out}"],
        ["make", "-C", "{out}", "CC=gcc", "tcp_endpoint"],
    ],
    sources=[ENDPOINT],
    install=INSTALL,
)


@register_plugin(
    plugin_type="iut",
    name="custom_tcp",
    version="0.1.0",
    description="An echo server and its client in C",
    supported_protocols=["tcp"],
    capabilities=["echo"],
)
class CustomTcpServiceManager(BaseTCPServiceManager):
    """What is particular to custom_tcp; BaseTCPServiceManager does the rest."""

    language: ClassVar[str] = "c"
    install_command: ClassVar[str] = INSTALL

    def _get_implementation_name(self) -> str:
        return "custom_tcp"

    def _get_binary_name(self) -> str:
        return "tcp_endpoint"

    def _get_program(self, **kwargs: Any) -> list[str]:
        """Return the program that is built from endpoint/, server and client in one."""
        return [PROGRAM.program("tcp_endpoint")]

    def _do_prepare(self, plugin_manager: Any = None) -> None:
        """Build it with make, unless that has been done."""
        PROGRAM.ensure()

    def _get_server_specific_args(self, **kwargs: Any) -> list[str]:
        """Return the arguments of the server, with the parameters in place."""
        return [
            "server",
            kwargs["bind_address"],
            str(kwargs["port"]),
        ]

    def _get_client_specific_args(self, **kwargs: Any) -> list[str]:
        """Return the arguments of the client, with the parameters in place."""
        return [
            "client",
            kwargs["host"],
            str(kwargs["port"]),
            kwargs["payload_file"],
            kwargs["download_dir"],
        ]
