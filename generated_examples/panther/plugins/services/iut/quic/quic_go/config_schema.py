"""Configuration of quic_go: what an experiment file may say under ``implementation:``."""

from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class QuicGoConfig(IUTConfig):
    """What IUTConfig has, and what this implementation adds."""

    implementation_name: str = "quic_go"
    binary_name: str = "quic-go-server"
    protocol_version: str = "rfc9000"
    default_port: int = 443
