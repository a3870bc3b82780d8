"""What a Docker engine says of an image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docker import DockerClient

__all__ = ["ImageFacts", "facts_of"]


@dataclass(frozen=True)
class ImageFacts:
    """What is worth knowing of an image."""

    reference: str
    """Its name and tag."""

    identifier: str
    """The hash of its configuration, ``sha256:…``."""

    created: str
    """When, in ISO 8601."""

    bytes: int
    """Its size on disk, base image and all."""

    layers: int
    """How many layers it has."""

    user: str
    """Who its process runs as."""

    entrypoint: list[str]
    """What it starts."""

    stop_signal: str
    """What ends it."""

    labels: dict[str, str]
    """What it says of itself."""


def facts_of(client: DockerClient, reference: str) -> ImageFacts | None:
    """Return the facts of an image; None if there is none."""
    from docker.errors import ImageNotFound

    try:
        attributes: dict[str, Any] = client.images.get(reference).attrs
    except ImageNotFound:
        return None
    configuration = attributes.get("Config") or {}
    return ImageFacts(
        reference=reference,
        identifier=attributes["Id"],
        created=attributes["Created"],
        bytes=attributes["Size"],
        layers=len(attributes["RootFS"].get("Layers") or ()),
        user=configuration.get("User") or "root",
        entrypoint=list(configuration.get("Entrypoint") or configuration.get("Cmd") or ()),
        stop_signal=configuration.get("StopSignal") or "SIGTERM",
        labels=dict(sorted((configuration.get("Labels") or {}).items())),
    )
