"""Service manager of judge, a tester."""

import sys
from pathlib import Path
from typing import Any, ClassVar

from panther.errors import ParameterError
from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base.minip_service_base import BaseMinipServiceManager


@register_plugin(
    plugin_type="testers",
    name="judge",
    version="0.1.0",
    description="judge, a tester of servers of MINIP",
    supported_protocols=["minip"],
    capabilities=[
        "answers_pings",
        "ignores_garbage",
        "is_predictable",
    ],
)
class JudgeServiceManager(BaseMinipServiceManager):
    """What is particular to judge; BaseMinipServiceManager does the rest."""

    language: ClassVar[str] = "python"

    def _get_implementation_name(self) -> str:
        return "judge"

    def _get_binary_name(self) -> str:
        return "judge"

    def _get_program(self, **kwargs: Any) -> list[str]:
        """Return the words that start the program in endpoint/."""
        script = "minip_tester.py"
        directory = Path(__file__).resolve().parent / "endpoint"
        return [sys.executable, str(directory / script)]

    def _get_server_specific_args(self, **kwargs: Any) -> list[str]:
        """Refuse: this tester talks to servers, as a client."""
        raise ParameterError(
            "'judge' is a tester of servers and has no server of its own",
            cure='write role: "client", and the server to judge as its target:',
        )

    def _get_client_specific_args(self, **kwargs: Any) -> list[str]:
        """Return what templates/client_command.jinja does not spell."""
        args: list[str] = []
        if kwargs.get("answer_timeout"):
            args.extend(["--seconds", str(kwargs["answer_timeout"])])
        return args
