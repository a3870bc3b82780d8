"""Services that obey the public contract of the QUIC interop runner.

A plugin says so by the feature ``interop_contract``. Its program finds ``cert.pem`` and ``priv.key`` in
``/certs`` and what it serves in ``/www``, writes into ``/downloads`` and ``/logs``, a server listens on
port 443, and exit status 127 says "I do not support this case". The variables of the contract (``ROLE``,
``TESTCASE``, ``REQUESTS``) are those that the plugin returns.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from panther.bench.protocols.base import Site

__all__ = ["CONTRACT_FEATURE", "NOT_SUPPORTED", "at_contract_places"]

#: What a plugin's ``get_supported_features`` calls it.
CONTRACT_FEATURE = "interop_contract"
#: The exit status of a program that does not support a case.
NOT_SUPPORTED = 127

_SCRIPT = Path(__file__).with_name("contract_places.py")


def at_contract_places(argv: Sequence[str], site: Site) -> tuple[str, ...]:
    """Return the command that starts a program where the contract's directories are those of a site.

    Args:
        argv: the program and its arguments.
        site: the service's.
    """
    places = {"/www": site.payload.path.parent, "/downloads": site.download_dir, "/logs": site.log_dir}
    if site.certificates is not None:
        places["/certs"] = site.certificates.cert_file.parent
    words = (f"{place}={directory}" for place, directory in places.items())
    return (sys.executable, "-I", "-S", str(_SCRIPT), *words, "--", *argv)
