"""Configuration of judge: what an experiment file may say under ``implementation:``."""

from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class JudgeConfig(IUTConfig):
    """What IUTConfig has, and what this tester adds."""

    implementation_name: str = "judge"
    binary_name: str = "judge"
    protocol_version: str = "1.0"

    test: str = ""
    """The check that an experiment asks for as ``test:``; empty: all of them."""

    verdict_file: str = ""
    """Where the bench reads the verdict; it says so in each run."""

    answer_timeout: float = 0.0
    """Seconds that a server may be silent; 0: the program's own."""
