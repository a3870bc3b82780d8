"""Service manager of curl_cffi."""

from pathlib import Path
from typing import Any

from panther.errors import ParameterError
from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base.python_quic_base import PythonQUICServiceManager


@register_plugin(
    plugin_type="iut",
    name="curl_cffi",
    version="0.1.0",
    description="HTTP/3 by curl_cffi, a Python binding of curl on ngtcp2",
    supported_protocols=["quic"],
    capabilities=["rfc9000", "h3"],
)
class CurlCffiServiceManager(PythonQUICServiceManager):
    """What is particular to curl_cffi; PythonQUICServiceManager does the rest."""

    def _get_implementation_name(self) -> str:
        return "curl_cffi"

    def _get_binary_name(self) -> str:
        return "fetch"

    def _get_python_module(self) -> str:
        """Return the module in endpoint/ that fetches a URL."""
        return "fetch"

    def _get_server_specific_args(self, **kwargs: Any) -> list[str]:
        """Refuse: how a server is started was not known when this plugin was made."""
        raise ParameterError(
            "'curl_cffi' is a plugin of a client only",
            cure="name another implementation as the server, or return its arguments here",
        )

    def _get_client_specific_args(self, **kwargs: Any) -> list[str]:
        """Return the arguments of the client, with the parameters in place."""
        return [
            "--ca",
            kwargs["ca_file"],
            "--output",
            kwargs["download_dir"],
            kwargs["url"],
        ]

    def _get_environment(self, **kwargs: Any) -> dict[str, str]:
        """Return where the module in endpoint/ is found, and where TLS secrets go."""
        environment = {
            "PYTHONPATH": str(Path(__file__).resolve().parent / "endpoint"),
            "PYTHONSAFEPATH": "1",
        }
        if kwargs.get("keylog_file"):
            environment["SSLKEYLOGFILE"] = kwargs["keylog_file"]
        return environment

    def get_supported_features(self) -> dict[str, bool]:
        """Return the registered capabilities, and what the implementation lacks."""
        features = super().get_supported_features()
        return {
            **features,
            "0rtt": False,
            "connection_migration": False,
            "server": False,
        }
