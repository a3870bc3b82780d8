"""Service manager of lsquic."""

from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base.local_build import LocalBuild
from panther.plugins.services.base.quic_service_base import BaseQUICServiceManager

INSTALL = (
    "get LSQUIC's sources and BoringSSL, built, and say where they are: "
    "source_dir: DIRECTORY and boringssl_dir: DIRECTORY under implementation:"
)


def programs_of(source_dir: str, boringssl_dir: str) -> LocalBuild:
    """Return how the programs are built from a directory of sources."""
    sources = Path(source_dir).expanduser().absolute()
    boringssl = Path(boringssl_dir).expanduser().absolute()
    options = [
        "-DCMAKE_BUILD_TYPE=Release",
        # Without NDEBUG: with it the library does not read LSQUIC_FORCE_RETRY.
        "-DCMAKE_C_FLAGS_RELEASE=-O2",
        f"-DBORINGSSL_DIR={boringssl}",
        "-DLSQUIC_TESTS=OFF",
    ]
    return LocalBuild(
        name="lsquic",
        commands=[
            ["cmake", "-S", str(sources), "-B", "{out}", *options],
            ["cmake", "--build", "{out}", "--parallel"],
        ],
        sources=[sources],
        install=f"apt-get install cmake g++ libevent-dev zlib1g-dev; {INSTALL}",
    )


@register_plugin(
    plugin_type="iut",
    name="lsquic",
    version="0.1.0",
    description="QUIC and HTTP/3 by the example programs of LSQUIC, a C library",
    supported_protocols=["quic"],
    capabilities=["rfc9000", "h3", "retry", "resumption"],
)
class LsquicServiceManager(BaseQUICServiceManager):
    """What is particular to lsquic; BaseQUICServiceManager does the rest."""

    language: ClassVar[str] = "c"
    install_command: ClassVar[str] = INSTALL

    def _get_implementation_name(self) -> str:
        return "lsquic"

    def _get_binary_name(self) -> str:
        return "http_server"

    def _get_program(self, **kwargs: Any) -> list[str]:
        """Return the program of a role, as it was named by hand."""
        if kwargs.get("role") == "client":
            program = "http_client"
        else:
            program = "http_server"
        if not kwargs.get("source_dir"):
            return [program]
        build = programs_of(kwargs["source_dir"], kwargs["boringssl_dir"])
        return [build.program(f"bin/{program}")]

    def _do_prepare(self, plugin_manager: Any = None) -> None:
        """Build both, where the sources are given, unless that has been done."""
        source_dir = getattr(self.config, "source_dir", "")
        if source_dir:
            programs_of(source_dir, getattr(self.config, "boringssl_dir", "")).ensure()

    def _get_server_specific_args(self, **kwargs: Any) -> list[str]:
        """Return the arguments of the server, with the parameters in place."""
        return [
            "-s",
            f"{_before_port(kwargs['bind_address'])}:{kwargs['port']}",
            "-c",
            f"localhost,{kwargs['cert_file']},{kwargs['key_file']}",
            "-r",
            kwargs["www_dir"],
            *_common_args(kwargs),
        ]

    def _get_client_specific_args(self, **kwargs: Any) -> list[str]:
        """Return the arguments of the client, with the parameters in place."""
        session = ["-0", kwargs["session_file"]] if kwargs.get("session_file") else []
        return [
            "-s",
            f"{_before_port(kwargs['host'])}:{kwargs['port']}",
            "-H",
            kwargs["server_name"],
            "-p",
            urlsplit(kwargs["url"]).path,
            "-B",  # else the response's header goes into the file
            "-7",
            kwargs["download_dir"],
            "-C",
            str(Path(kwargs["ca_file"]).parent),
            *session,
            *_common_args(kwargs),
        ]

    def _get_environment(self, **kwargs: Any) -> dict[str, str]:
        """Return what makes the server send a Retry packet: there is no option for it."""
        return {"LSQUIC_FORCE_RETRY": "1"} if kwargs.get("retry") else {}

    def get_supported_features(self) -> dict[str, bool]:
        """Return the registered capabilities, and what the implementation lacks."""
        features = super().get_supported_features()
        return {**features, "0rtt": False, "connection_migration": False}


def _common_args(parameters: dict[str, Any]) -> list[str]:
    """Return what both programs are told: QUIC v1 alone, and where TLS secrets go, a file a connection."""
    secrets = ["-G", parameters["keylog_file"]] if parameters.get("keylog_file") else []
    return ["-o", "version=h3", *secrets]


def _before_port(address: str) -> str:
    """Return an address as it stands before a port: IPv6 in brackets (RFC 3986)."""
    return f"[{address}]" if ":" in address else address
