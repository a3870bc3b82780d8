"""Starts H2O on a port, to serve a directory: the configuration it needs is written first.

It speaks HTTP/1.1 and HTTP/2 on the same port, whichever a client begins with.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

CONFIGURATION = """\
listen:
  host: {address}
  port: {port}
num-threads: 1
{user}pid-file: {state}/h2o.pid
hosts:
  default:
    paths:
      "/":
        file.dir: {root}
"""


def quoted(value: str) -> str:
    """Return a value between quotation marks; ValueError for what could end them."""
    if any(char in '"\\$' or not char.isprintable() for char in value):
        raise ValueError(f"{value!r} cannot stand in a configuration")
    return f'"{value}"'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bind", required=True, help="address")
    parser.add_argument("--port", required=True, type=int)
    parser.add_argument("--root", required=True, help="directory that is served")
    parser.add_argument(
        "--state", required=True, type=Path, help="directory for its own files"
    )
    parser.add_argument(
        "--http2", action="store_true", help="nothing: it is always spoken"
    )
    args = parser.parse_args()
    try:
        state = args.state.resolve(strict=True)
        file = state / "h2o.conf"
        file.write_text(
            CONFIGURATION.format(
                address=quoted(args.bind),
                port=args.port,
                root=quoted(args.root),
                state=state,
                # Started by root it would become "nobody", who may not read the directory.
                user="user: root\n" if os.geteuid() == 0 else "",
            ),
            encoding="utf-8",
        )
        program = shutil.which(
            "h2o", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"
        )
        if program is None:
            sys.exit("h2o is not installed: apt-get install h2o")
        os.execv(program, [program, "-c", str(file)])
    except (OSError, ValueError) as error:
        sys.exit(f"{Path(__file__).stem}: {error}")


if __name__ == "__main__":
    main()
