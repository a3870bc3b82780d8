"""A Dockerfile's text, as far as building it needs to change it."""

from __future__ import annotations

import re

from panther.errors import MachineError

__all__ = ["without_mounts"]

_MOUNT = re.compile(r"--mount=(\S+)\s*(?:\\\n\s*)?")
_OPTIONAL = {"cache", "secret", "ssh"}


def without_mounts(dockerfile: str) -> str:
    """Return a Dockerfile that the engine's old builder understands: without what only makes it quicker.

    Raises:
        MachineError: it mounts what the build cannot do without.
    """
    return _MOUNT.sub(_nothing, dockerfile)


def _nothing(mount: re.Match[str]) -> str:
    options = dict(option.partition("=")[::2] for option in mount[1].split(","))
    if options.get("type", "bind") not in _OPTIONAL or options.get("required") in {"true", ""}:
        raise MachineError(
            f"the Dockerfile needs BuildKit: it has --mount={mount[1]}",
            cure="install buildx (https://docs.docker.com/go/buildx/)",
        )
    return ""
