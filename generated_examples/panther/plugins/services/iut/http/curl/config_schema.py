"""Configuration of curl: what an experiment file may say under ``implementation:``."""

from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class CurlConfig(IUTConfig):
    """What IUTConfig has, and what this implementation adds."""

    implementation_name: str = "curl"
    binary_name: str = "curl"
    protocol_version: str = "1.1"
    default_port: int = 8080
