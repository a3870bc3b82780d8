"""Configuration of hypercorn: what an experiment file may say under ``implementation:``."""

from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class HypercornConfig(IUTConfig):
    """What IUTConfig has, and what this implementation adds."""

    implementation_name: str = "hypercorn"
    binary_name: str = "hypercorn"
    protocol_version: str = "rfc9000"
    default_port: int = 4443
