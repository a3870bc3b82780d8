"""Service manager of hypercorn."""

from pathlib import Path
from typing import Any

from panther.errors import ParameterError
from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base.python_quic_base import PythonQUICServiceManager


@register_plugin(
    plugin_type="iut",
    name="hypercorn",
    version="0.1.0",
    description="HTTP/3 by Hypercorn, an ASGI server on aioquic",
    supported_protocols=["quic"],
    capabilities=["rfc9000", "h3"],
)
class HypercornServiceManager(PythonQUICServiceManager):
    """What is particular to hypercorn; PythonQUICServiceManager does the rest."""

    def _get_implementation_name(self) -> str:
        return "hypercorn"

    def _get_binary_name(self) -> str:
        return "hypercorn"

    def _get_python_module(self) -> str:
        """Return Hypercorn's own module: it is started by the interpreter that has it."""
        return "hypercorn"

    def _get_server_specific_args(self, **kwargs: Any) -> list[str]:
        """Return the arguments of the server, with the parameters in place."""
        return [
            "--quic-bind",
            f"{_before_port(kwargs['bind_address'])}:{kwargs['port']}",
            "--certfile",
            kwargs["cert_file"],
            "--keyfile",
            kwargs["key_file"],
            "file_server:app",
        ]

    def _get_client_specific_args(self, **kwargs: Any) -> list[str]:
        """Refuse: how a client is started was not known when this plugin was made."""
        raise ParameterError(
            "'hypercorn' is a plugin of a server only",
            cure="name another implementation as the client, or return its arguments here",
        )

    def _get_environment(self, **kwargs: Any) -> dict[str, str]:
        """Return where the application in endpoint/ is found, and what it serves."""
        return {
            "PYTHONPATH": str(Path(__file__).resolve().parent / "endpoint"),
            "PYTHONSAFEPATH": "1",
            "WWW_DIR": kwargs["www_dir"],
        }

    def get_supported_features(self) -> dict[str, bool]:
        """Return the registered capabilities, and what the implementation lacks."""
        features = super().get_supported_features()
        return {
            **features,
            "0rtt": False,
            "connection_migration": False,
            "client": False,
            "session_tickets": False,
        }


def _before_port(address: str) -> str:
    """Return an address as it stands before a port: IPv6 in brackets (RFC 3986)."""
    return f"[{address}]" if ":" in address else address
