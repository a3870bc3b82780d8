"""Configuration of http_async: what an experiment file may say under ``implementation:``."""

from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class HttpAsyncConfig(IUTConfig):
    """What IUTConfig has, and what this implementation adds."""

    implementation_name: str = "http_async"
    binary_name: str = "http_async"
    protocol_version: str = "1.1"
    default_port: int = 80

    keep_alive: float = 0.0
    """Seconds until the server closes an idle connection; 0: the program's own."""

    read_timeout: float = 0.0
    """Seconds that the client waits for the next bytes; 0: the program's own."""
