"""Configuration of lsquic: what an experiment file may say under ``implementation:``."""

from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class LsquicConfig(IUTConfig):
    """What IUTConfig has, and what this implementation adds."""

    implementation_name: str = "lsquic"
    binary_name: str = "http_server"
    protocol_version: str = "rfc9000"
    default_port: int = 4443

    source_dir: str = ""
    """Directory with LSQUIC's sources, which the programs are built from. Empty: those on PATH."""

    boringssl_dir: str = ""
    """Directory with BoringSSL, built, which LSQUIC needs for TLS."""

    retry: bool = False
    """The server validates a client's address by a Retry packet (RFC 9000, section 8.1.2)."""
