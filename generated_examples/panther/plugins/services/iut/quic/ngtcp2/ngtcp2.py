"""Service manager of ngtcp2."""

from typing import Any, ClassVar

from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base.quic_service_base import BaseQUICServiceManager


@register_plugin(
    plugin_type="iut",
    name="ngtcp2",
    version="0.1.0",
    description="QUIC and HTTP/3 by the example programs of ngtcp2, a C library",
    supported_protocols=["quic"],
    capabilities=["rfc9000", "h3", "retry", "resumption"],
)
class Ngtcp2ServiceManager(BaseQUICServiceManager):
    """What is particular to ngtcp2; BaseQUICServiceManager does the rest."""

    language: ClassVar[str] = "c"
    install_command: ClassVar[str] = "apt-get install ngtcp2-client ngtcp2-server"

    def _get_implementation_name(self) -> str:
        return "ngtcp2"

    def _get_binary_name(self) -> str:
        return "gtlsserver"

    def _get_program(self, **kwargs: Any) -> list[str]:
        """Return the program of a role: they are two."""
        return ["gtlsclient"] if kwargs.get("role") == "client" else ["gtlsserver"]

    def _get_server_specific_args(self, **kwargs: Any) -> list[str]:
        """Return what templates/server_command.jinja does not spell."""
        args: list[str] = []
        if kwargs.get("congestion_control"):
            args.append(f"--cc={kwargs['congestion_control']}")
        if kwargs.get("retry"):
            args.append("--validate-addr")
        return args

    def _get_client_specific_args(self, **kwargs: Any) -> list[str]:
        """Return what templates/client_command.jinja does not spell."""
        args: list[str] = []
        if kwargs.get("idle_timeout"):
            args.append(f"--timeout={round(kwargs['idle_timeout'] * 1000)}ms")
        if kwargs.get("session_file"):
            args.append(f"--session-file={kwargs['session_file']}")
            args.append("--disable-early-data")
        return args

    def _get_environment(self, **kwargs: Any) -> dict[str, str]:
        """Return the environment variables that the program needs."""
        environment: dict[str, str] = {}
        if kwargs.get("keylog_file"):
            environment["SSLKEYLOGFILE"] = kwargs["keylog_file"]
        return environment

    def get_supported_features(self) -> dict[str, bool]:
        """Return the registered capabilities, and what the implementation lacks."""
        features = super().get_supported_features()
        return {**features, "0rtt": False, "connection_migration": False}
