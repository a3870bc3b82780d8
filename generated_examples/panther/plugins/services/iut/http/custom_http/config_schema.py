"""Configuration of custom_http: what an experiment file may say under ``implementation:``."""

from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class CustomHttpConfig(IUTConfig):
    """What IUTConfig has, and what this implementation adds."""

    implementation_name: str = "custom_http"
    binary_name: str = "custom_http"
    protocol_version: str = "1.1"
    default_port: int = 80

    keep_alive: float = 0.0
    """Seconds until the server closes an idle connection; 0: the program's own."""

    read_timeout: float = 0.0
    """Seconds that the client waits for the next bytes; 0: the program's own."""
