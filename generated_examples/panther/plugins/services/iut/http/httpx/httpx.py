"""Service manager of httpx."""

from pathlib import Path
from typing import Any

from panther.errors import ParameterError
from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base.python_http_base import PythonHTTPServiceManager


@register_plugin(
    plugin_type="iut",
    name="httpx",
    version="0.1.0",
    description="HTTP/1.1 and HTTP/2 by HTTPX, a Python client",
    supported_protocols=["http"],
    capabilities=["http/1.1"],
)
class HttpxServiceManager(PythonHTTPServiceManager):
    """What is particular to httpx; PythonHTTPServiceManager does the rest."""

    def _get_implementation_name(self) -> str:
        return "httpx"

    def _get_binary_name(self) -> str:
        return "fetch"

    def _get_python_module(self) -> str:
        """Return the module in endpoint/ that fetches a URL."""
        return "fetch"

    def _get_server_specific_args(self, **kwargs: Any) -> list[str]:
        """Refuse: how a server is started was not known when this plugin was made."""
        raise ParameterError(
            "'httpx' is a plugin of a client only",
            cure="name another implementation as the server, or return its arguments here",
        )

    def _get_client_specific_args(self, **kwargs: Any) -> list[str]:
        """Return the arguments of the client, with the parameters in place."""
        return [
            *(["--http2"] if kwargs["enable_h2"] else []),
            "--output",
            kwargs["download_dir"],
            kwargs["url"],
        ]

    def _get_environment(self, **kwargs: Any) -> dict[str, str]:
        """Return where the module in endpoint/ is found."""
        return {
            "PYTHONPATH": str(Path(__file__).resolve().parent / "endpoint"),
            "PYTHONSAFEPATH": "1",
        }

    def get_supported_features(self) -> dict[str, bool]:
        """Return the registered capabilities, and what the implementation lacks."""
        features = super().get_supported_features()
        return {
            **features,
            "http/2": True,
            "server": False,
        }
