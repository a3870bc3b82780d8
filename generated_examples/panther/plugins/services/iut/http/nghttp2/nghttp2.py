"""Service manager of nghttp2."""

import sys
from pathlib import Path
from typing import Any, ClassVar

from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base.http_service_base import BaseHTTPServiceManager


@register_plugin(
    plugin_type="iut",
    name="nghttp2",
    version="0.1.0",
    description="HTTP/2 by the programs of nghttp2",
    supported_protocols=["http"],
    capabilities=["http/1.1"],
)
class Nghttp2ServiceManager(BaseHTTPServiceManager):
    """What is particular to nghttp2; BaseHTTPServiceManager does the rest."""

    language: ClassVar[str] = "c"
    install_command: ClassVar[str] = "apt-get install nghttp2-client nghttp2-server"

    def _get_implementation_name(self) -> str:
        return "nghttp2"

    def _get_binary_name(self) -> str:
        return "nghttpd"

    def _get_program(self, **kwargs: Any) -> list[str]:
        """Return the program of a role, as it was named by hand."""
        if kwargs.get("role") == "client":
            script = str(Path(__file__).resolve().parent / "endpoint" / "nghttp_to.py")
            return [sys.executable, script, kwargs["download_dir"], "nghttp"]
        return ["nghttpd"]

    def _get_server_specific_args(self, **kwargs: Any) -> list[str]:
        """Return the arguments of the server, with the parameters in place."""
        return [
            "--no-tls",
            "-a",
            kwargs["bind_address"],
            "-d",
            kwargs["www_dir"],
            str(kwargs["port"]),
        ]

    def _get_client_specific_args(self, **kwargs: Any) -> list[str]:
        """Return the arguments of the client, with the parameters in place."""
        return [
            kwargs["url"],
        ]

    def get_supported_features(self) -> dict[str, bool]:
        """Return the registered capabilities, and what the implementation lacks."""
        features = super().get_supported_features()
        return {**features, "http/2": True}
