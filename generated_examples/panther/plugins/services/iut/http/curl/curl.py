"""Service manager of curl."""

from typing import Any, ClassVar

from panther.errors import ParameterError
from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base.http_service_base import BaseHTTPServiceManager


@register_plugin(
    plugin_type="iut",
    name="curl",
    version="0.1.0",
    description="HTTP/1.1 and HTTP/2 by curl",
    supported_protocols=["http"],
    capabilities=["http/1.1"],
)
class CurlServiceManager(BaseHTTPServiceManager):
    """What is particular to curl; BaseHTTPServiceManager does the rest."""

    language: ClassVar[str] = "c"
    install_command: ClassVar[str] = "apt-get install curl"

    def _get_implementation_name(self) -> str:
        return "curl"

    def _get_binary_name(self) -> str:
        return "curl"

    def _get_server_specific_args(self, **kwargs: Any) -> list[str]:
        """Refuse: how a server is started was not known when this plugin was made."""
        raise ParameterError(
            "'curl' is a plugin of a client only",
            cure="name another implementation as the server, or return its arguments here",
        )

    def _get_client_specific_args(self, **kwargs: Any) -> list[str]:
        """Return the arguments of the client, with the parameters in place."""
        version = ["--http2-prior-knowledge"] if kwargs["enable_h2"] else ["--http1.1"]
        return [
            *version,
            "--fail",
            "--silent",
            "--show-error",
            "--remote-name",
            "--output-dir",
            kwargs["download_dir"],
            kwargs["url"],
        ]

    def get_supported_features(self) -> dict[str, bool]:
        """Return the registered capabilities, and what the implementation lacks."""
        features = super().get_supported_features()
        return {
            **features,
            "http/2": True,
            "server": False,
        }
