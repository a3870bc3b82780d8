"""Service manager of apache."""

from pathlib import Path
from typing import Any, ClassVar

from panther.errors import ParameterError
from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base.http_service_base import BaseHTTPServiceManager


@register_plugin(
    plugin_type="iut",
    name="apache",
    version="0.1.0",
    description="HTTP/1.1 and HTTP/2 by Apache's httpd",
    supported_protocols=["http"],
    capabilities=["http/1.1"],
)
class ApacheServiceManager(BaseHTTPServiceManager):
    """What is particular to apache; BaseHTTPServiceManager does the rest."""

    language: ClassVar[str] = "c"
    install_command: ClassVar[str] = "apt-get install apache2"

    def _get_implementation_name(self) -> str:
        return "apache"

    def _get_binary_name(self) -> str:
        return "apache2"

    def _get_server_specific_args(self, **kwargs: Any) -> list[str]:
        """Return the arguments of the server, with the parameters in place."""
        return [
            "-X",
            "-f",
            str(Path(__file__).resolve().parent / "endpoint" / "apache.conf"),
        ]

    def _get_client_specific_args(self, **kwargs: Any) -> list[str]:
        """Refuse: how a client is started was not known when this plugin was made."""
        raise ParameterError(
            "'apache' is a plugin of a server only",
            cure="name another implementation as the client, or return its arguments here",
        )

    def _get_environment(self, **kwargs: Any) -> dict[str, str]:
        """Return the variables that endpoint/apache.conf reads."""
        address = kwargs["bind_address"]
        return {
            "BIND_ADDRESS": f"[{address}]" if ":" in address else address,
            "PORT": str(kwargs["port"]),
            "WWW_DIR": kwargs["www_dir"],
            "STATE_DIR": kwargs["log_dir"],
        }

    def get_supported_features(self) -> dict[str, bool]:
        """Return the registered capabilities, and what the implementation lacks."""
        features = super().get_supported_features()
        return {
            **features,
            "http/2": True,
            "client": False,
        }
