"""Service manager of quinn."""

from pathlib import Path
from typing import Any, ClassVar

from panther.plugins.plugin_decorators import register_plugin
from panther.plugins.services.base.local_build import LocalBuild
from panther.plugins.services.base.rust_quic_base import RustQUICServiceManager

ENDPOINT = Path(__file__).resolve().parent / "endpoint"
INSTALL = "apt-get install cargo-web (Debian 12), or Rust from https://rustup.rs"

PROGRAM = LocalBuild(
    name="quinn",
    commands=[
        ["cargo", "build", "--release", "--locked", "--target-dir", "{out}"],
    ],
    sources=[ENDPOINT],
    install=INSTALL,
    working_directory=ENDPOINT,
)


@register_plugin(
    plugin_type="iut",
    name="quinn",
    version="0.1.0",
    description="QUIC and HTTP/3 on quinn and h3, Rust libraries",
    supported_protocols=["quic"],
    capabilities=["rfc9000", "h3", "retry"],
)
class QuinnServiceManager(RustQUICServiceManager):
    """What is particular to quinn; RustQUICServiceManager does the rest."""

    install_command: ClassVar[str] = INSTALL

    def _get_implementation_name(self) -> str:
        return "quinn"

    def _get_binary_name(self) -> str:
        return "quinn-endpoint"

    def _get_program(self, **kwargs: Any) -> list[str]:
        """Return the program that is built from endpoint/, server and client in one."""
        return [PROGRAM.program("release/quinn-endpoint")]

    def _do_prepare(self, plugin_manager: Any = None) -> None:
        """Build it with Cargo, unless that has been done."""
        PROGRAM.ensure()

    def _get_cargo_features(self) -> list[str]:
        """Return the Cargo features that the image is built with: those of the crate."""
        return []

    def _get_rust_runtime_config(self) -> dict[str, str]:
        """Return variables that Rust's standard library and its loggers read."""
        return {"RUST_BACKTRACE": "1", "RUST_LOG": "info"}

    def _get_server_specific_args(self, **kwargs: Any) -> list[str]:
        """Return the arguments of the server, with the parameters in place."""
        retry = ["--retry"] if kwargs.get("retry") else []
        return [
            "server",
            "--bind",
            f"{_before_port(kwargs['bind_address'])}:{kwargs['port']}",
            "--cert",
            kwargs["cert_file"],
            "--key",
            kwargs["key_file"],
            "--root",
            kwargs["www_dir"],
            *retry,
        ]

    def _get_client_specific_args(self, **kwargs: Any) -> list[str]:
        """Return the arguments of the client, with the parameters in place."""
        return [
            "client",
            "--ca",
            kwargs["ca_file"],
            "--output",
            kwargs["download_dir"],
            kwargs["url"],
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


def _before_port(address: str) -> str:
    """Return an address as it stands before a port: IPv6 in brackets (RFC 3986)."""
    return f"[{address}]" if ":" in address else address
