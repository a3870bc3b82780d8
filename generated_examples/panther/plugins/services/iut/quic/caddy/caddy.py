"""Service manager of caddy."""

from pathlib import Path
from typing import Any, ClassVar

from panther.errors import ParameterError
from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base.quic_service_base import BaseQUICServiceManager


@register_plugin(
    plugin_type="iut",
    name="caddy",
    version="0.1.0",
    description="HTTP/3 by Caddy, a web server on quic-go",
    supported_protocols=["quic"],
    capabilities=["rfc9000", "h3"],
)
class CaddyServiceManager(BaseQUICServiceManager):
    """What is particular to caddy; BaseQUICServiceManager does the rest."""

    language: ClassVar[str] = "go"
    install_command: ClassVar[str] = "apt-get install caddy"

    def _get_implementation_name(self) -> str:
        return "caddy"

    def _get_binary_name(self) -> str:
        return "caddy"

    def _get_server_specific_args(self, **kwargs: Any) -> list[str]:
        """Return the arguments of the server, with the parameters in place."""
        return [
            "run",
            "--adapter",
            "caddyfile",
            "--config",
            str(Path(__file__).resolve().parent / "endpoint" / "Caddyfile"),
        ]

    def _get_environment(self, **kwargs: Any) -> dict[str, str]:
        """Return the variables that endpoint/Caddyfile reads, and where Caddy keeps its state."""
        return {
            "BIND_ADDRESS": kwargs["bind_address"],
            "PORT": str(kwargs["port"]),
            "CERT_FILE": kwargs["cert_file"],
            "KEY_FILE": kwargs["key_file"],
            "WWW_DIR": kwargs["www_dir"],
            "XDG_DATA_HOME": kwargs["log_dir"],
            "XDG_CONFIG_HOME": kwargs["log_dir"],
        }

    def _get_client_specific_args(self, **kwargs: Any) -> list[str]:
        """Refuse: how a client is started was not known when this plugin was made."""
        raise ParameterError(
            "'caddy' is a plugin of a server only",
            cure="name another implementation as the client, or return its arguments here",
        )

    def get_supported_features(self) -> dict[str, bool]:
        """Return the registered capabilities, and what the implementation lacks."""
        features = super().get_supported_features()
        return {
            **features,
            "0rtt": False,
            "connection_migration": False,
            "client": False,
        }
