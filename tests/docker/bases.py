"""Base images for the tests, on top of the one that ``.ci/run`` makes: no registry is asked.

They stand for what the builders' own base images bring: a C compiler is Debian's in both.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

__all__ = ["DEBIAN", "PACKAGES", "make_base"]

DEBIAN = "debian:bookworm-slim"
#: What is in place of the languages' images.
PACKAGES = {
    "python": ("python3-venv", "python-is-python3", "ca-certificates"),
    "rust": ("cargo",),
    "go": ("golang-go", "ca-certificates"),
}
_DOCKERFILE = """\
FROM {base}
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends {packages} >/dev/null \
    && rm -rf /var/lib/apt/lists/*
"""


def make_base(docker: str, language: str, scratch: Path) -> str:
    """Make the image that stands for a language's own, if it is not there, and return its name."""
    if language not in PACKAGES:
        return DEBIAN
    name = f"panther-test/{language}:bookworm"
    text = _DOCKERFILE.format(base=DEBIAN, packages=" ".join(PACKAGES[language]))
    words = [docker, "build", "--quiet", f"--tag={name}", "--label=org.panther-gen.test=base", "-"]
    done = subprocess.run(words, input=text, cwd=scratch, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return name
