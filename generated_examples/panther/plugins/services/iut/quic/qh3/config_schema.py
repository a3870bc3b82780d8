"""Configuration of qh3: what an experiment file may say under ``implementation:``."""

from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class Qh3Config(IUTConfig):
    """What IUTConfig has, and what this implementation adds."""

    implementation_name: str = "qh3"
    binary_name: str = "qh3"
    protocol_version: str = "rfc9000"
    default_port: int = 4443

    retry: bool = False
    """The server validates a client's address by a Retry packet (RFC 9000, section 8.1.2)."""

    idle_timeout: float = 0.0
    """Seconds without a packet until the client gives up; 0: the program's own."""
