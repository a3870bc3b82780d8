"""Configuration of caddy: what an experiment file may say under ``implementation:``."""

from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class CaddyConfig(IUTConfig):
    """What IUTConfig has, and what this implementation adds."""

    implementation_name: str = "caddy"
    binary_name: str = "caddy"
    protocol_version: str = "rfc9000"
    default_port: int = 4443
