"""Configuration of httpx: what an experiment file may say under ``implementation:``."""

from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class HttpxConfig(IUTConfig):
    """What IUTConfig has, and what this implementation adds."""

    implementation_name: str = "httpx"
    binary_name: str = "fetch"
    protocol_version: str = "1.1"
    default_port: int = 8080
