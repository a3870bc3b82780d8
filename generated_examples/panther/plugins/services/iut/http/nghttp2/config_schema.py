"""Configuration of nghttp2: what an experiment file may say under ``implementation:``."""

from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class Nghttp2Config(IUTConfig):
    """What IUTConfig has, and what this implementation adds."""

    implementation_name: str = "nghttp2"
    binary_name: str = "nghttpd"
    protocol_version: str = "1.1"
    default_port: int = 8080
