"""Configuration of ping_pong: what an experiment file may say under ``implementation:``."""

from dataclasses import dataclass
from typing import Literal

from panther.config.core.models import IUTConfig

Variant = Literal["functional", "flaky", "random", "fail", "vulnerable"]


@dataclass
class PingPongConfig(IUTConfig):
    """What IUTConfig has, and what this implementation adds."""

    implementation_name: str = "ping_pong"
    binary_name: str = "ping_pong"
    protocol_version: str = "1.0"
    default_port: int = 4987

    variant: Variant = "functional"
    """How the server behaves; endpoint/minip_endpoint.py says what each one does."""

    reply_delay: float = 0.0
    """Seconds between a ping and its pong; 0: none."""

    reply_timeout: float = 0.0
    """Seconds that the client waits for the last pongs; 0: the program's own."""
