"""Configuration of picoquic: what an experiment file may say under ``implementation:``."""

from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class PicoquicConfig(IUTConfig):
    """What IUTConfig has, and what this implementation adds."""

    implementation_name: str = "picoquic"
    binary_name: str = "picoquicdemo"
    protocol_version: str = "rfc9000"
    default_port: int = 4443

    source_dir: str = ""
    """Directory with picoquic's sources, which the program is built from; picotls, built, lies beside it.
    Empty: ``picoquicdemo`` on PATH."""

    retry: bool = False
    """The server validates a client's address by a Retry packet (RFC 9000, section 8.1.2)."""
