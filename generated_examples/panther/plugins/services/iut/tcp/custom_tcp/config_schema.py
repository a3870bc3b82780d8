"""Configuration of custom_tcp: what an experiment file may say under ``implementation:``."""

from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class CustomTcpConfig(IUTConfig):
    """What IUTConfig has, and what this implementation adds."""

    implementation_name: str = "custom_tcp"
    binary_name: str = "tcp_endpoint"
    protocol_version: str = "1.0"
    default_port: int = 8080
