from dataclasses import dataclass

from panther.config.core.models import IUTConfig


@dataclass
class CPongConfig(IUTConfig):
    fault: str = "none"
    dockerfile_template: str | None = "Dockerfile"
