"""Configuration of quinn: what an experiment file may say under ``implementation:``."""

from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class QuinnConfig(IUTConfig):
    """What IUTConfig has, and what this implementation adds."""

    implementation_name: str = "quinn"
    binary_name: str = "quinn-endpoint"
    protocol_version: str = "rfc9000"
    default_port: int = 4443

    retry: bool = False
    """The server validates a client's address by a Retry packet (RFC 9000, section 8.1.2)."""
