"""What a build takes from the host and leaves in no layer: proxies, and the authorities that are trusted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

__all__ = ["host_options"]

#: Build arguments that every Dockerfile has: they are part of no layer and of no image's history
#: (https://docs.docker.com/reference/dockerfile/#predefined-args).
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
#: Where programs look for the authorities to trust: the first that is set, the first that is there.
_CA_VARIABLES = ("SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE")
_CA_FILES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


def host_options(has_buildkit: bool) -> list[str]:
    """Return the options of a build that hand these on.

    Args:
        has_buildkit: whether the secret ``ca`` can be mounted; without BuildKit a build trusts whom its base
            image trusts.
    """
    options = [f"--build-arg={name}" for name in _proxies()]
    authorities = next((path for path in _authorities() if Path(path).is_file()), None)
    if has_buildkit and authorities is not None:
        options.append(f"--secret=id=ca,src={authorities}")
    return options


def _proxies() -> Iterator[str]:
    for name in _PROXIES:
        yield from (spelt for spelt in (name, name.lower()) if os.environ.get(spelt))


def _authorities() -> Iterator[str]:
    yield from filter(None, map(os.environ.get, _CA_VARIABLES))
    yield from _CA_FILES
