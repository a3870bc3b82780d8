from pathlib import Path
from typing import Any

from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base.minip_service_base import BaseMinipServiceManager


@register_plugin(
    plugin_type="iut",
    name="perl_pong",
    version="1.0.0",
    description="MINIP in Perl, with faults",
    supported_protocols=["minip"],
    capabilities=[],
)
class PerlPongServiceManager(BaseMinipServiceManager):
    def _get_implementation_name(self) -> str:
        return "perl_pong"

    def _get_binary_name(self) -> str:
        return "perl"

    def _get_server_specific_args(self, **kwargs: Any) -> list[str]:
        program = str(Path(__file__).resolve().parent / "program.pl")
        words = [program, kwargs["role"], kwargs["host"], str(kwargs["port"]), str(kwargs["count"])]
        return [*words, kwargs.get("fault") or "none"]

    _get_client_specific_args = _get_server_specific_args
