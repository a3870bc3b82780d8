"""Configuration of apache: what an experiment file may say under ``implementation:``."""

from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class ApacheConfig(IUTConfig):
    """What IUTConfig has, and what this implementation adds."""

    implementation_name: str = "apache"
    binary_name: str = "apache2"
    protocol_version: str = "1.1"
    default_port: int = 80
