"""What a service is given of this machine: environment variables, and volumes ``SOURCE:TARGET[:ro]``."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from panther.bench.experiment.problems import Finding
from panther.bench.experiment.views import ServiceView
from panther.bench.marks import CELL_VARIABLE

__all__ = ["VOLUME", "check_surroundings"]

#: A volume; the target is absolute, and no part holds a colon.
VOLUME = re.compile(r"(?P<source>[^:\n]+):(?P<target>/[^:\n]*)(?::(?P<mode>ro|rw))?")

#: POSIX.1-2017, section 8.1: what programs can be expected to understand.
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def check_surroundings(service: ServiceView) -> Iterator[Finding]:
    """Yield what is wrong with the environment variables and the volumes of a service."""
    for path in service.environment:
        name = str(path[-1])
        if not _VARIABLE.fullmatch(name):
            message = f"'{name}' is no name of an environment variable"
            yield Finding(path, message, "use letters, digits and underscores", of_key=True)
        elif name == CELL_VARIABLE:
            yield Finding(path, f"'{name}' belongs to the bench", "use another name", of_key=True)
    taken: set[str] = set()
    for path, volume in service.volumes:
        match = VOLUME.fullmatch(volume)
        if match is None:
            yield Finding(path, f"'{volume}' is no volume", 'write "./data:/data" or "./data:/data:ro"')
            continue
        target = posixpath.normpath(match["target"])
        if target == "/":
            yield Finding(path, "a volume cannot take the place of '/'", "name a directory below it")
        elif target in taken:
            yield Finding(path, f"two volumes have the target '{target}'", "give each a target of its own")
        taken.add(target)
