"""A Docker engine for the tests, where there is one; what they make is removed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from panther.bench.images import Image, build_image
from panther.bench.images.clients import find_client
from panther.errors import MachineError


@pytest.fixture(scope="session")
def docker() -> str:
    """Return the program of the client that builds; skip where there is none, or no engine."""
    try:
        return find_client().program
    except MachineError as error:
        pytest.skip(f"no Docker engine: {error.message}")


@pytest.fixture
def built(docker: str) -> Iterator[object]:
    """Return ``build_image``, whose images are removed after the test."""
    references = set()

    def build(*arguments: object, **options: object) -> Image:
        image = build_image(*arguments, **options)
        references.add(image.reference)
        return image

    yield build
    for reference in references:
        subprocess.run([docker, "image", "rm", "--force", reference], capture_output=True)
