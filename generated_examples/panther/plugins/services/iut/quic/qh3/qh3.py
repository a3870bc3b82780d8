"""Service manager of qh3."""

from pathlib import Path
from typing import Any

from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base.python_quic_base import PythonQUICServiceManager


@register_plugin(
    plugin_type="iut",
    name="qh3",
    version="0.1.0",
    description="QUIC and HTTP/3 on qh3, a Python library in Rust",
    supported_protocols=["quic"],
    capabilities=["rfc9000", "h3", "hq-interop", "retry", "resumption"],
)
class Qh3ServiceManager(PythonQUICServiceManager):
    """What is particular to qh3; PythonQUICServiceManager does the rest."""

    def _get_implementation_name(self) -> str:
        return "qh3"

    def _get_binary_name(self) -> str:
        return "qh3"

    def _get_python_module(self) -> str:
        """Return the module in endpoint/ that is both server and client."""
        return "quic_endpoint"

    def _get_server_specific_args(self, **kwargs: Any) -> list[str]:
        """Return what templates/server_command.jinja does not spell."""
        args: list[str] = []
        if kwargs.get("retry"):
            args.append("--retry")
        return args

    def _get_client_specific_args(self, **kwargs: Any) -> list[str]:
        """Return what templates/client_command.jinja does not spell."""
        args: list[str] = []
        if kwargs.get("idle_timeout"):
            args.extend(["--idle-timeout", str(kwargs["idle_timeout"])])
        if kwargs.get("session_file"):
            args.extend(["--session", kwargs["session_file"]])
        if kwargs.get("alpn", "h3") != "h3":
            args.extend(["--alpn", kwargs["alpn"]])
        return args

    def _get_environment(self, **kwargs: Any) -> dict[str, str]:
        """Return the environment variables that the program needs."""
        environment = {
            "PYTHONPATH": str(Path(__file__).resolve().parent / "endpoint"),
            "PYTHONSAFEPATH": "1",
        }
        if kwargs.get("qlog_dir"):
            environment["QLOGDIR"] = kwargs["qlog_dir"]
        if kwargs.get("keylog_file"):
            environment["SSLKEYLOGFILE"] = kwargs["keylog_file"]
        return environment

    def get_supported_features(self) -> dict[str, bool]:
        """Return the registered capabilities, and what the implementation lacks."""
        features = super().get_supported_features()
        return {**features, "0rtt": False, "connection_migration": False}
