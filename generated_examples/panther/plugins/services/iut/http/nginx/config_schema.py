"""Configuration of nginx: what an experiment file may say under ``implementation:``."""

from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class NginxConfig(IUTConfig):
    """What IUTConfig has, and what this implementation adds."""

    implementation_name: str = "nginx"
    binary_name: str = "start-nginx"
    protocol_version: str = "1.1"
    default_port: int = 8080
