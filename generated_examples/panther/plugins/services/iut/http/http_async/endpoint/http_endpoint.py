"""A small HTTP/1.1 server and client on asyncio's streams, and on nothing else.

The server sends the files below a directory, the client fetches one URL into a directory. Both speak
HTTP/1.1 (RFC 9112) with a Content-Length, and keep connections open.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from asyncio import StreamReader, StreamWriter
from pathlib import Path
from urllib.parse import unquote, urlsplit

REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found", 501: "Not Implemented"}


async def read_head(reader: StreamReader) -> tuple[str, dict[str, str]]:
    """Read a message up to its empty line; return its first line and its fields, names in small letters.

    Raises:
        ValueError: a line is no field, or the head is too long.
        IncompleteReadError: the connection ended.
    """
    try:
        text = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.LimitOverrunError:
        raise ValueError("the head of a message is too long") from None
    first, *lines = text.removesuffix("\r\n\r\n").split("\r\n")
    fields = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or name != name.strip():
            raise ValueError(f"{line!r} is no header field")
        fields[name.lower()] = value.strip()
    return first, fields


class FileServer:
    """Answers GET and HEAD with the files below a directory."""

    def __init__(self, root: Path, keep_alive: float, *, verbose: bool) -> None:
        self.root = root
        self.keep_alive = keep_alive
        self.verbose = verbose

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Answer the requests of one connection, until it ends or rests for too long."""
        try:
            while await asyncio.wait_for(self.answer(reader, writer), self.keep_alive):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            pass
        finally:
            writer.close()

    async def answer(self, reader: StreamReader, writer: StreamWriter) -> bool:
        """Answer one request; return whether the connection goes on."""
        try:
            line, fields = await read_head(reader)
            method, target, version = line.split(" ")
        except ValueError:
            await self.send(writer, 400, b"", last=True)
            return False
        if self.verbose:
            print(line, flush=True)
        has_body = (
            fields.get("content-length", "0") != "0" or "transfer-encoding" in fields
        )
        last = (
            version != "HTTP/1.1"
            or fields.get("connection", "").lower() == "close"
            or has_body
        )
        found = self.read_file(target)
        if method not in ("GET", "HEAD"):
            await self.send(writer, 501, b"", last=True)
            return False
        status = 404 if found is None else 200
        await self.send(
            writer, status, found or b"", last=last, head_only=method == "HEAD"
        )
        return not last

    async def send(
        self,
        writer: StreamWriter,
        status: int,
        body: bytes,
        *,
        last: bool,
        head_only: bool = False,
    ) -> None:
        lines = [f"HTTP/1.1 {status} {REASONS[status]}", f"Content-Length: {len(body)}"]
        lines += ["Connection: close"] if last else []
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
        writer.write(b"" if head_only else body)
        await writer.drain()

    def read_file(self, target: str) -> bytes | None:
        """Return the file that a request names; None if it is absent or not below the root."""
        try:
            path = (self.root / unquote(urlsplit(target).path).lstrip("/")).resolve()
            return path.read_bytes() if path.is_relative_to(self.root) else None
        except (OSError, RuntimeError, ValueError):
            return None


async def run_server(args: argparse.Namespace) -> None:
    files = FileServer(
        args.root.resolve(strict=True), args.keep_alive, verbose=args.verbose
    )
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = await asyncio.start_server(files.serve, args.bind, args.port)
    await stop.wait()
    server.close()


async def run_client(args: argparse.Namespace) -> None:
    url = urlsplit(args.url)
    if url.scheme != "http" or not url.hostname:
        raise ValueError(f"'{args.url}' is not a URL that begins with http://")
    async with asyncio.timeout(args.read_timeout):
        body = await fetch(url.hostname, url.port or 80, url.netloc, args)
    args.output.mkdir(parents=True, exist_ok=True)
    (args.output / (Path(unquote(url.path)).name or "index.html")).write_bytes(body)


async def fetch(
    host: str, port: int, authority: str, args: argparse.Namespace
) -> bytes:
    """Return what the URL names; raises ValueError for another answer than 200, OSError."""
    target = (
        urlsplit(args.url)._replace(scheme="", netloc="", fragment="").geturl() or "/"
    )
    reader, writer = await asyncio.open_connection(host, port)
    try:
        lines = [
            f"GET {target} HTTP/1.1",
            f"Host: {authority}",
            "Connection: close",
            "",
            "",
        ]
        writer.write("\r\n".join(lines).encode("latin-1"))
        await writer.drain()
        line, fields = await read_head(reader)
        if args.verbose:
            print(line, flush=True)
        version, status, *_ = line.split(" ")
        if version != "HTTP/1.1":
            raise ValueError("the server does not speak HTTP/1.1")
        if status != "200":
            raise ValueError(f"the server answered {status}")
        if "transfer-encoding" in fields:
            return await read_chunks(reader)
        return await reader.readexactly(int(fields["content-length"]))
    except (asyncio.IncompleteReadError, KeyError) as error:
        raise ValueError(f"the answer is not whole: {error}") from None
    finally:
        writer.close()


async def read_chunks(reader: StreamReader) -> bytes:
    """Return a body that comes in chunks (RFC 9112, section 7.1)."""
    body = bytearray()
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    return bytes(body)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    roles = parser.add_subparsers(required=True, metavar="server | client")
    server = roles.add_parser("server", help="serve the files of a directory")
    server.set_defaults(run=run_server)
    server.add_argument("--bind", required=True, help="address")
    server.add_argument("--port", required=True, type=int)
    server.add_argument("--root", required=True, type=Path, help="directory")
    server.add_argument("--keep-alive", default=60.0, type=float, help="seconds")
    client = roles.add_parser("client", help="fetch a URL")
    client.set_defaults(run=run_client)
    client.add_argument("--output", required=True, type=Path, help="directory")
    client.add_argument("--read-timeout", default=30.0, type=float, help="seconds")
    client.add_argument("url")
    for role in (server, client):
        role.add_argument("--verbose", action="store_true", help="log each request")
    return parser.parse_args()


def main() -> None:
    args = parse_arguments()
    try:
        asyncio.run(args.run(args))
    except (OSError, ValueError) as error:
        sys.exit(f"{Path(__file__).stem}: {str(error) or type(error).__name__}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
