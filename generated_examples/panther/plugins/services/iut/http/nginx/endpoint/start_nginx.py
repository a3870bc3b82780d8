"""Starts nginx on a port, to serve a directory: the configuration it needs is written first.

With --http2 the port speaks HTTP/2 only: nginx 1.22 has one of the two on a port without TLS.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

CONFIGURATION = """\
daemon off;
master_process off;
error_log stderr;
pid {state}/nginx.pid;
events {{
}}
http {{
    access_log off;
    client_body_temp_path {state}/body;
    proxy_temp_path {state}/proxy;
    fastcgi_temp_path {state}/fastcgi;
    uwsgi_temp_path {state}/uwsgi;
    scgi_temp_path {state}/scgi;
    sendfile on;
    server {{
        listen {address}:{port}{http2};
        root {root};
    }}
}}
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
    parser.add_argument("--http2", action="store_true", help="speak HTTP/2")
    args = parser.parse_args()
    address = f"[{args.bind}]" if ":" in args.bind else args.bind
    try:
        state = args.state.resolve(strict=True)
        file = state / "nginx.conf"
        file.write_text(
            CONFIGURATION.format(
                address=address,
                port=args.port,
                root=quoted(args.root),
                state=state,
                http2=" http2" if args.http2 else "",
            ),
            encoding="utf-8",
        )
        program = shutil.which(
            "nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"
        )
        if program is None:
            sys.exit("nginx is not installed: apt-get install nginx-light")
        os.execv(program, [program, "-p", str(state), "-c", str(file)])
    except (OSError, ValueError) as error:
        sys.exit(f"{Path(__file__).stem}: {error}")


if __name__ == "__main__":
    main()
