from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class PerlPongConfig(IUTConfig):
    fault: str = ""
    dockerfile_template: str | None = "Dockerfile"
