"""The plugin judge: importing it registers it."""

from .judge import JudgeServiceManager

__all__ = ["JudgeServiceManager"]
