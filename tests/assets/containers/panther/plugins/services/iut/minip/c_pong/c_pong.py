from typing import Any

from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base.minip_service_base import BaseMinipServiceManager


@register_plugin(
    plugin_type="iut",
    name="c_pong",
    version="1.0.0",
    description="MINIP in C, with faults",
    supported_protocols=["minip"],
    capabilities=[],
)
class CPongServiceManager(BaseMinipServiceManager):
    def _get_implementation_name(self) -> str:
        return "c_pong"

    def _get_binary_name(self) -> str:
        return "c_pong"

    def _get_server_specific_args(self, **kwargs: Any) -> list[str]:
        return [str(kwargs["port"]), kwargs["fault"]]
