"""An image with tools in it beside a plugin's program: a layer of Debian's packages on the plugin's image."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path

from panther.bench.engine.connection import connected
from panther.bench.images.build import SCRATCH_PREFIX, BuildError, run_build
from panther.bench.images.clients import find_client
from panther.bench.images.facts import facts_of
from panther.bench.images.host import host_options
from panther.bench.marks import own_mark
from panther.errors import MachineError

__all__ = ["image_with_tools"]

#: The image that the tools were put on.
_LABEL = "org.panther-gen.tools-on"
_DIGITS_OF_TAG = 8
_DOCKERFILE = """\
FROM {reference}
USER root
RUN {caches}export DEBIAN_FRONTEND=noninteractive \\
    && apt-get update \\
    && apt-get install --yes --no-install-recommends {packages}{clean}
USER {user}
"""
#: Builds share what they fetch, and leave none of it in the layer.
_CACHES = "".join(
    f"--mount=type=cache,target={directory},sharing=locked "
    for directory in ("/var/cache/apt", "/var/lib/apt/lists")
)
_CLEAN = " \\\n    && rm -rf /var/lib/apt/lists/*"


def image_with_tools(
    reference: str,
    packages: Collection[str],
    *,
    report: Callable[[str], None] = lambda line: None,
) -> str:
    """Make an image that has some packages of Debian beside what another one has, if there is none yet.

    Args:
        reference: the other image, which has been built.
        packages: names of packages; none: the other image will do.
        report: is told each line of the build's progress.

    Returns:
        The image's name and tag.

    Raises:
        MachineError: there is no client or no engine, or the packages cannot be installed.
    """
    if not packages:
        return reference
    names = " ".join(sorted(packages))
    wanted = f"{reference}-tools-{hashlib.sha256(names.encode()).hexdigest()[:_DIGITS_OF_TAG]}"
    with connected(f"the image '{reference}' cannot be looked at") as client:
        base, there = facts_of(client, reference), facts_of(client, wanted)
    if base is None:
        raise MachineError(f"the image '{reference}' is not there any more", cure="run the test again")
    if there is not None and there.labels.get(_LABEL) == base.identifier:
        return wanted
    builder = find_client()
    caches, clean = (_CACHES, "") if builder.has_buildkit else ("", _CLEAN)
    text = _DOCKERFILE.format(reference=reference, packages=names, user=base.user, caches=caches, clean=clean)
    with tempfile.TemporaryDirectory(prefix=f"{SCRATCH_PREFIX}{own_mark()}-") as scratch:
        file = Path(scratch, "Dockerfile")
        file.write_text(text, encoding="utf-8")
        options = [f"--tag={wanted}", f"--file={file}", f"--label={_LABEL}={base.identifier}"]
        try:
            run_build(builder, [*options, *host_options(builder.has_buildkit), scratch], wanted, report)
        except BuildError as error:
            raise MachineError(
                f"the tools {names} cannot be put into the image '{reference}': {error}",
                cure="the image has to be one of Debian, and the build has to reach Debian's packages; "
                "--network-environment localhost takes this machine's tools",
            ) from None
    return wanted
