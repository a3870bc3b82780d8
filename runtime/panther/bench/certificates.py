"""Test certificates: one authority for a run, one certificate for each way a server wants it (RFC 5280)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from panther.errors import ConfigurationError

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

__all__ = [
    "CertificateAuthority",
    "CertificateFiles",
    "CertificateRequest",
    "CertificateWishError",
    "request_from_config",
]

_KEY_TYPES = ("ecdsa", "rsa", "ed25519")
#: Clients need not agree with this machine's clock to the second.
_CLOCK_SKEW = timedelta(hours=1)
_MOST_DAYS = 36_500
#: Host names, wildcards, IPv4 and IPv6 addresses.
_NAME = re.compile(r"[A-Za-z0-9*._:-]+")
_LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class CertificateRequest:
    """What a server wants to present."""

    key_type: str = "ecdsa"
    names: tuple[str, ...] = ()
    days: int = 30


@dataclass(frozen=True)
class CertificateFiles:
    """PEM files, readable by their owner only."""

    cert_file: Path
    key_file: Path
    ca_file: Path


class CertificateWishError(ConfigurationError):
    """A ``certificate_config`` cannot be used.

    Attributes:
        key: the key that is wrong, or whose value is.
        of_key: the key itself is wrong.
    """

    def __init__(self, message: str, *, key: str, of_key: bool, cure: str) -> None:
        super().__init__(message, cure=cure)
        self.key = key
        self.of_key = of_key


def request_from_config(config: Mapping[str, str], service: str) -> CertificateRequest:
    """Read a plugin's ``certificate_config``.

    Args:
        config: ``key_type`` (ecdsa on P-256, rsa with 2048 bits, ed25519), ``names`` (comma separated,
            in addition to localhost, its addresses and the service's name), ``days`` (of validity).
        service: the service's name.

    Raises:
        CertificateWishError: a key or a value cannot be used.
    """
    for key in config:
        if key not in {"key_type", "names", "days"}:
            raise _refusal(service, (key, True), f"has no key '{key}'", "the keys are: key_type, names, days")
    key_type = config.get("key_type", "ecdsa")
    if key_type not in _KEY_TYPES:
        problem = f"asks for the key type '{key_type}'"
        raise _refusal(service, ("key_type", False), problem, f"choose of {', '.join(_KEY_TYPES)}")
    days = config.get("days", "30")
    if not (days.isascii() and days.isdigit() and 1 <= int(days) <= _MOST_DAYS):
        cure = f"give a whole number from 1 to {_MOST_DAYS}"
        raise _refusal(service, ("days", False), f"asks for '{days}' days", cure)
    names = [name.strip() for name in config.get("names", "").split(",") if name.strip()]
    for name in names:
        if not _NAME.fullmatch(name):
            cure = "give host names or addresses, comma separated"
            raise _refusal(service, ("names", False), f"asks for the name '{name}'", cure)
    own_name = [service] if _NAME.fullmatch(service) else []
    return CertificateRequest(key_type, (*names, *own_name), int(days))


class CertificateAuthority:
    """Makes certificates below one directory, each kind once.

    Args:
        directory: made when the first certificate is asked for.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._issued: dict[CertificateRequest, CertificateFiles] = {}
        self._root: tuple[CertificateIssuerPrivateKeyTypes, x509.Certificate] | None = None

    def issue(self, request: CertificateRequest) -> CertificateFiles:
        """Return the files of a certificate; the same request gets the same files.

        Raises:
            OSError: they cannot be written.
        """
        if request not in self._issued:
            self._issued[request] = self._make(request, self._directory / f"{len(self._issued) + 1}")
        return self._issued[request]

    def _make(self, request: CertificateRequest, directory: Path) -> CertificateFiles:
        ca_key, ca = self._authority()
        key = _new_key(request.key_type)
        leaf = _certificate("localhost", key, ca_key, issuer=ca, names=request.names, days=request.days)
        files = CertificateFiles(directory / "cert.pem", directory / "priv.key", directory / "ca.pem")
        directory.mkdir(parents=True, mode=0o700)
        _write_private(files.cert_file, _certificate_pem(leaf))
        _write_private(files.key_file, _key_pem(key))
        _write_private(files.ca_file, _certificate_pem(ca))
        return files

    def _authority(self) -> tuple[CertificateIssuerPrivateKeyTypes, x509.Certificate]:
        if self._root is None:
            key = _new_key("ecdsa")
            self._root = key, _certificate("panther-gen test authority", key, key, days=_MOST_DAYS)
        return self._root


def _refusal(service: str, culprit: tuple[str, bool], problem: str, cure: str) -> CertificateWishError:
    key, of_key = culprit
    return CertificateWishError(
        f"certificate_config of service '{service}' {problem}", key=key, of_key=of_key, cure=cure
    )


def _new_key(key_type: str) -> CertificateIssuerPrivateKeyTypes:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if key_type == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    if key_type == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(ec.SECP256R1())


def _certificate(
    subject: str,
    key: CertificateIssuerPrivateKeyTypes,
    signer: CertificateIssuerPrivateKeyTypes,
    *,
    days: int,
    issuer: x509.Certificate | None = None,
    names: Iterable[str] = (),
) -> x509.Certificate:
    """Make a leaf below ``issuer`` or, without one, a self-signed authority."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ed25519

    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SKEW)
        .not_valid_after(now + timedelta(days=days))
    )
    for extension, critical in _extensions(key, signer, names if issuer else None):
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(signer, None if isinstance(signer, ed25519.Ed25519PrivateKey) else hashes.SHA256())


def _extensions(
    key: CertificateIssuerPrivateKeyTypes,
    signer: CertificateIssuerPrivateKeyTypes,
    names: Iterable[str] | None,
) -> list[tuple[x509.ExtensionType, bool]]:
    """Return the extensions of a leaf or, where ``names`` is None, of an authority."""
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    usage = dict.fromkeys(
        ("content_commitment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    authority = names is None
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=authority, path_length=None), True),
        (
            x509.KeyUsage(
                digital_signature=True,
                key_encipherment=not authority,
                key_cert_sign=authority,
                crl_sign=authority,
                **usage,
            ),
            True,
        ),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False),
    ]
    if names is not None:
        general = dict.fromkeys(_general_name(name) for name in (*_LOCAL_NAMES, *names))
        extensions.append((x509.SubjectAlternativeName(list(general)), False))
        extensions.append((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False))
    return extensions


def _general_name(name: str) -> x509.GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _certificate_pem(certificate: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM)


def _key_pem(key: CertificateIssuerPrivateKeyTypes) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write_private(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
