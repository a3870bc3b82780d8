"""``panther-gen server``: from standard input and output to an exit status."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading

from panther_gen.server.features import make_server

__all__ = ["serve"]

#: Bytes: a thread's own default may be smaller than the main thread's, and deeply nested files need it.
_STACK = 64 * 1024 * 1024


def serve() -> int:
    """Serve one editor until it says ``exit`` or goes away.

    Nothing but the protocol reaches standard output: whatever else is printed goes to standard error.

    Returns:
        0 if the editor shut the server down before that, 1 otherwise, as the protocol wants it.
    """
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
    logging.getLogger("pygls").setLevel(logging.CRITICAL)  # the server logs what pygls reports to it
    # pygls waits for input in a thread, which a KeyboardInterrupt cannot end.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.stack_size(_STACK)
    if sys.stdin is None:  # closed by whoever started this
        return 1
    if sys.stdin.isatty():
        sys.stderr.write("panther-gen server: an editor starts this, and talks to it on standard input\n")
    protocol = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    server = make_server()
    try:
        server.start_io(sys.stdin.buffer, protocol)
    finally:
        server.stop()
    return 0 if server.was_shut_down else 1
