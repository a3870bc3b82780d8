"""Certificates: one authority a run, each kind made once, bad wishes refused with a sentence."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from panther.bench.certificates import CertificateAuthority, CertificateRequest, request_from_config
from panther.errors import ConfigurationError


@pytest.mark.parametrize(
    ("key_type", "public"),
    [
        ("ecdsa", ec.EllipticCurvePublicKey),
        ("rsa", rsa.RSAPublicKey),
        ("ed25519", ed25519.Ed25519PublicKey),
    ],
)
def test_a_leaf_is_signed_by_the_authority(tmp_path, key_type, public):
    files = CertificateAuthority(tmp_path / "certs").issue(CertificateRequest(key_type))
    leaf = x509.load_pem_x509_certificate(files.cert_file.read_bytes())
    authority = x509.load_pem_x509_certificate(files.ca_file.read_bytes())
    leaf.verify_directly_issued_by(authority)
    assert isinstance(leaf.public_key(), public)


def test_local_names_and_the_services_own_are_in_the_certificate(tmp_path):
    request = request_from_config({"names": "a.example, 10.0.0.1", "days": "2"}, "my_server")
    files = CertificateAuthority(tmp_path / "certs").issue(request)
    leaf = x509.load_pem_x509_certificate(files.cert_file.read_bytes())
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert set(names.get_values_for_type(x509.DNSName)) == {"localhost", "a.example", "my_server"}
    addresses = set(map(str, names.get_values_for_type(x509.IPAddress)))
    assert addresses == {"127.0.0.1", "::1", "10.0.0.1"}
    assert 2 <= (leaf.not_valid_after_utc - leaf.not_valid_before_utc).days < 4


def test_each_kind_is_made_once(tmp_path):
    authority = CertificateAuthority(tmp_path / "certs")
    assert authority.issue(CertificateRequest()) is authority.issue(CertificateRequest())
    assert authority.issue(CertificateRequest("rsa")) != authority.issue(CertificateRequest())


def test_keys_are_for_their_owner_alone(tmp_path):
    files = CertificateAuthority(tmp_path / "certs").issue(CertificateRequest())
    assert files.key_file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        ({"key_type": "dsa"}, "asks for the key type 'dsa'"),
        ({"days": "soon"}, "asks for 'soon' days"),
        ({"days": "0"}, "asks for '0' days"),
        ({"names": "two words"}, "asks for the name 'two words'"),
        ({"names": "bücher.example"}, "asks for the name 'bücher.example'"),
        ({"key_typ": "rsa"}, "has no key 'key_typ'"),
    ],
)
def test_bad_wishes_are_refused(config, problem):
    with pytest.raises(ConfigurationError, match=f"of service 'server' {problem}"):
        request_from_config(config, "server")


def test_a_service_with_a_name_that_is_no_host_name_is_left_out():
    assert request_from_config({}, "my server").names == ()
