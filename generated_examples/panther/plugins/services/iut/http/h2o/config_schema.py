"""Configuration of h2o: what an experiment file may say under ``implementation:``."""

from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class H2oConfig(IUTConfig):
    """What IUTConfig has, and what this implementation adds."""

    implementation_name: str = "h2o"
    binary_name: str = "start-h2o"
    protocol_version: str = "1.1"
    default_port: int = 8080
