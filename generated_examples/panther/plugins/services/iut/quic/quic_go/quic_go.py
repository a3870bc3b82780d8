"""Service manager of quic_go."""

from pathlib import Path
from typing import Any, ClassVar

from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base.local_build import LocalBuild
from panther.plugins.services.base.quic_service_base import BaseQUICServiceManager

INSTALL = "apt-get install golang-go golang-github-lucas-clemente-quic-go-dev"
PACKAGE = "github.com/lucas-clemente/quic-go"
GOPATH = Path("/usr/share/gocode")  # where Debian puts the sources of Go libraries

PROGRAMS = LocalBuild(
    name="quic_go",
    commands=[
        [
            "go",
            "build",
            "-trimpath",
            "-o",
            "{out}/quic-go-server",
            f"{PACKAGE}/interop/server",
        ],
        [
            "go",
            "build",
            "-trimpath",
            "-o",
            "{out}/quic-go-client",
            f"{PACKAGE}/interop/client",
        ],
    ],
    sources=[GOPATH / "src" / PACKAGE / "interop"],
    install=INSTALL,
    environment={"GOPATH": str(GOPATH), "GO111MODULE": "off", "GOFLAGS": ""},
)


@register_plugin(
    plugin_type="iut",
    name="quic_go",
    version="0.1.0",
    description="QUIC and HTTP/3 by the interop programs of quic-go, a Go library",
    supported_protocols=["quic"],
    capabilities=["rfc9000", "h3", "hq-interop", "interop_contract"],
)
class QuicGoServiceManager(BaseQUICServiceManager):
    """What is particular to quic_go; BaseQUICServiceManager does the rest."""

    language: ClassVar[str] = "go"
    install_command: ClassVar[str] = INSTALL

    def _get_implementation_name(self) -> str:
        return "quic_go"

    def _get_binary_name(self) -> str:
        return "quic-go-server"

    def _get_program(self, **kwargs: Any) -> list[str]:
        """Return the program of a role, as it was named by hand."""
        if kwargs.get("role") == "client":
            return [PROGRAMS.program("quic-go-client")]
        return [PROGRAMS.program("quic-go-server")]

    def _do_prepare(self, plugin_manager: Any = None) -> None:
        """Build both programs from Debian's sources, unless that has been done."""
        PROGRAMS.ensure()

    def _get_server_specific_args(self, **kwargs: Any) -> list[str]:
        """Return the arguments of the server: none."""
        return []

    def _get_client_specific_args(self, **kwargs: Any) -> list[str]:
        """Return the arguments of the client, with the parameters in place."""
        return [kwargs["url"]] * int(kwargs["requests"])

    def _get_environment(self, **kwargs: Any) -> dict[str, str]:
        """Return the variables of the interop runner's contract, and where traces and secrets go."""
        environment = {"ROLE": str(kwargs["role"]), "TESTCASE": str(kwargs["testcase"])}
        if kwargs["role"] == "client":
            environment["REQUESTS"] = " ".join(
                [kwargs["url"]] * int(kwargs["requests"])
            )
        # Without a directory for traces the programs end in a panic.
        environment["QLOGDIR"] = kwargs.get("qlog_dir") or kwargs["log_dir"]
        if kwargs.get("keylog_file"):
            environment["SSLKEYLOGFILE"] = kwargs["keylog_file"]
        return environment

    def get_supported_features(self) -> dict[str, bool]:
        """Return the registered capabilities, and what the implementation lacks."""
        features = super().get_supported_features()
        return {**features, "0rtt": False, "connection_migration": False}
