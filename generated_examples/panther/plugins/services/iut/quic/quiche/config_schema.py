"""Configuration of quiche: what an experiment file may say under ``implementation:``."""

from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class QuicheConfig(IUTConfig):
    """What IUTConfig has, and what this implementation adds."""

    implementation_name: str = "quiche"
    binary_name: str = "quiche-endpoint"
    protocol_version: str = "rfc9000"
    default_port: int = 4443

    retry: bool = False
    """The server validates a client's address by a Retry packet (RFC 9000, section 8.1.2)."""
