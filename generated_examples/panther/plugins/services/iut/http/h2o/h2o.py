"""Service manager of h2o."""

import sys
from pathlib import Path
from typing import Any, ClassVar

from panther.errors import ParameterError
from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base.http_service_base import BaseHTTPServiceManager


@register_plugin(
    plugin_type="iut",
    name="h2o",
    version="0.1.0",
    description="HTTP/1.1 and HTTP/2 by H2O",
    supported_protocols=["http"],
    capabilities=["http/1.1"],
)
class H2oServiceManager(BaseHTTPServiceManager):
    """What is particular to h2o; BaseHTTPServiceManager does the rest."""

    language: ClassVar[str] = "c"
    install_command: ClassVar[str] = "apt-get install h2o"

    def _get_implementation_name(self) -> str:
        return "h2o"

    def _get_binary_name(self) -> str:
        return "start-h2o"

    def _get_program(self, **kwargs: Any) -> list[str]:
        """Return the script in endpoint/ that writes a configuration and becomes the server."""
        directory = Path(__file__).resolve().parent / "endpoint"
        return [sys.executable, str(directory / "start_h2o.py")]

    def _get_server_specific_args(self, **kwargs: Any) -> list[str]:
        """Return the arguments of the server, with the parameters in place."""
        return [
            "--bind",
            kwargs["bind_address"],
            "--port",
            str(kwargs["port"]),
            "--root",
            kwargs["www_dir"],
            "--state",
            kwargs["log_dir"],
            *(["--http2"] if kwargs["enable_h2"] else []),
        ]

    def _get_client_specific_args(self, **kwargs: Any) -> list[str]:
        """Refuse: how a client is started was not known when this plugin was made."""
        raise ParameterError(
            "'h2o' is a plugin of a server only",
            cure="name another implementation as the client, or return its arguments here",
        )

    def get_supported_features(self) -> dict[str, bool]:
        """Return the registered capabilities, and what the implementation lacks."""
        features = super().get_supported_features()
        return {
            **features,
            "http/2": True,
            "client": False,
        }
