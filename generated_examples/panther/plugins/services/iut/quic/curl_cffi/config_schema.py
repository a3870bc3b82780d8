"""Configuration of curl_cffi: what an experiment file may say under ``implementation:``."""

from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class CurlCffiConfig(IUTConfig):
    """What IUTConfig has, and what this implementation adds."""

    implementation_name: str = "curl_cffi"
    binary_name: str = "fetch"
    protocol_version: str = "rfc9000"
    default_port: int = 4443
