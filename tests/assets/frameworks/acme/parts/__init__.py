"""Parts of services."""

from .codec import Codec, Loop

__all__ = ["Codec", "Loop"]
