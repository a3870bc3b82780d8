"""Service manager of ping_pong."""

import sys
from pathlib import Path
from typing import Any, ClassVar

from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base.minip_service_base import BaseMinipServiceManager


@register_plugin(
    plugin_type="iut",
    name="ping_pong",
    version="0.1.0",
    description="MINIP in Python, with variants that misbehave",
    supported_protocols=["minip"],
    capabilities=["ping_pong"],
)
class PingPongServiceManager(BaseMinipServiceManager):
    """What is particular to ping_pong; BaseMinipServiceManager does the rest."""

    language: ClassVar[str] = "python"

    def _get_implementation_name(self) -> str:
        return "ping_pong"

    def _get_binary_name(self) -> str:
        return "ping_pong"

    def _get_program(self, **kwargs: Any) -> list[str]:
        """Return the words that start the program in endpoint/, server and client in one."""
        script = "minip_endpoint.py"
        directory = Path(__file__).resolve().parent / "endpoint"
        return [sys.executable, str(directory / script)]

    def _get_server_specific_args(self, **kwargs: Any) -> list[str]:
        """Return what templates/server_command.jinja does not spell."""
        args: list[str] = []
        if kwargs.get("reply_delay"):
            args.extend(["--reply-delay", str(kwargs["reply_delay"])])
        return args

    def _get_client_specific_args(self, **kwargs: Any) -> list[str]:
        """Return what templates/client_command.jinja does not spell."""
        args: list[str] = []
        if kwargs.get("reply_timeout"):
            args.extend(["--reply-timeout", str(kwargs["reply_timeout"])])
        return args
