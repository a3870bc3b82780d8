"""Becomes nghttp with its output in a file, because nghttp writes what it fetches to standard output.

nghttp_to.py DIRECTORY nghttp [OPTION…] URL
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit


def main() -> None:
    directory, program, *words = sys.argv[1:]
    found = shutil.which(program)
    if found is None:
        sys.exit(f"{program} is not installed: apt-get install nghttp2-client")
    name = Path(unquote(urlsplit(words[-1]).path)).name or "index.html"
    with (Path(directory) / name).open("wb") as output:
        os.dup2(output.fileno(), sys.stdout.fileno())
    os.execv(found, [program, *words])


if __name__ == "__main__":
    main()
