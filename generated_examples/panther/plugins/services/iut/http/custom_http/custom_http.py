"""Service manager of custom_http."""

from pathlib import Path
from typing import Any

from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base.python_http_base import PythonHTTPServiceManager


@register_plugin(
    plugin_type="iut",
    name="custom_http",
    version="0.1.0",
    description="HTTP/1.1 on sockets and threads",
    supported_protocols=["http"],
    capabilities=["http/1.1"],
)
class CustomHttpServiceManager(PythonHTTPServiceManager):
    """What is particular to custom_http; PythonHTTPServiceManager does the rest."""

    def _get_implementation_name(self) -> str:
        return "custom_http"

    def _get_binary_name(self) -> str:
        return "custom_http"

    def _get_python_module(self) -> str:
        """Return the module in endpoint/ that is both server and client."""
        return "http_endpoint"

    def _get_server_specific_args(self, **kwargs: Any) -> list[str]:
        """Return what templates/server_command.jinja does not spell."""
        args: list[str] = []
        if kwargs.get("keep_alive"):
            args.extend(["--keep-alive", str(kwargs["keep_alive"])])
        return args

    def _get_client_specific_args(self, **kwargs: Any) -> list[str]:
        """Return what templates/client_command.jinja does not spell."""
        args: list[str] = []
        if kwargs.get("read_timeout"):
            args.extend(["--read-timeout", str(kwargs["read_timeout"])])
        return args

    def _get_environment(self, **kwargs: Any) -> dict[str, str]:
        """Return the environment variables that the program needs."""
        return {
            "PYTHONPATH": str(Path(__file__).resolve().parent / "endpoint"),
            "PYTHONSAFEPATH": "1",
        }

    def get_supported_features(self) -> dict[str, bool]:
        """Return the registered capabilities, and what the implementation lacks."""
        features = super().get_supported_features()
        return {**features, "http/2": False}
