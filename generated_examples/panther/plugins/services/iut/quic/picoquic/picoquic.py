"""Service manager of picoquic."""

from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base.local_build import LocalBuild
from panther.plugins.services.base.quic_service_base import BaseQUICServiceManager

INSTALL = (
    "get picoquic's sources, build picotls beside them, and say where they are: "
    "source_dir: DIRECTORY under implementation:"
)


def program_of(source_dir: str) -> LocalBuild:
    """Return how the program is built from a directory of sources, with picotls in ../picotls."""
    sources = Path(source_dir).expanduser().absolute()
    return LocalBuild(
        name="picoquic",
        commands=[
            ["cmake", "-S", str(sources), "-B", "{out}", "-DCMAKE_BUILD_TYPE=Release"],
            ["cmake", "--build", "{out}", "--target", "picoquicdemo", "--parallel"],
        ],
        sources=[sources],
        install=f"apt-get install cmake g++ libssl-dev pkg-config; {INSTALL}",
    )


@register_plugin(
    plugin_type="iut",
    name="picoquic",
    version="0.1.0",
    description="QUIC and HTTP/3 by the demo program of picoquic, a C library",
    supported_protocols=["quic"],
    capabilities=["rfc9000", "h3", "retry", "resumption"],
)
class PicoquicServiceManager(BaseQUICServiceManager):
    """What is particular to picoquic; BaseQUICServiceManager does the rest."""

    language: ClassVar[str] = "c"
    install_command: ClassVar[str] = INSTALL

    def _get_implementation_name(self) -> str:
        return "picoquic"

    def _get_binary_name(self) -> str:
        return "picoquicdemo"

    def _get_program(self, **kwargs: Any) -> list[str]:
        """Return the program that is built from the sources; without any, the one on PATH."""
        if kwargs.get("source_dir"):
            return [program_of(kwargs["source_dir"]).program("picoquicdemo")]
        return ["picoquicdemo"]

    def _do_prepare(self, plugin_manager: Any = None) -> None:
        """Build it, where the sources are given, unless that has been done."""
        source_dir = getattr(self.config, "source_dir", "")
        if source_dir:
            program_of(source_dir).ensure()

    def _get_server_specific_args(self, **kwargs: Any) -> list[str]:
        """Return the arguments of the server, with the parameters in place."""
        retry = ["-r"] if kwargs.get("retry") else []
        return [
            *retry,
            *_files(kwargs),
            "-p",
            str(kwargs["port"]),
            "-c",
            kwargs["cert_file"],
            "-k",
            kwargs["key_file"],
            "-w",
            kwargs["www_dir"],
        ]

    def _get_client_specific_args(self, **kwargs: Any) -> list[str]:
        """Return the arguments of the client, with the parameters in place."""
        return [
            *_files(kwargs),
            "-n",
            kwargs["server_name"],
            "-t",
            kwargs["ca_file"],
            "-a",
            kwargs["alpn"],
            "-o",
            kwargs["download_dir"],
            kwargs["host"],
            str(kwargs["port"]),
            urlsplit(kwargs["url"]).path,
        ]

    def _get_environment(self, **kwargs: Any) -> dict[str, str]:
        """Return where TLS secrets go."""
        if kwargs.get("keylog_file"):
            return {"SSLKEYLOGFILE": kwargs["keylog_file"]}
        return {}

    def get_supported_features(self) -> dict[str, bool]:
        """Return the registered capabilities, and what the implementation lacks."""
        features = super().get_supported_features()
        return {**features, "0rtt": False, "connection_migration": False}


def _files(parameters: dict[str, Any]) -> list[str]:
    """Return where tickets and tokens are kept, and the flag without which SSLKEYLOGFILE is ignored.

    Without them both programs write into the working directory, and a client finds there what other
    servers have given out: its connection then hangs.
    """
    logs = Path(parameters["log_dir"])
    tickets = parameters.get("session_file") or str(logs / "tickets.bin")
    secrets = ["-8"] if parameters.get("keylog_file") else []
    return ["-T", tickets, "-N", str(logs / "tokens.bin"), *secrets]
