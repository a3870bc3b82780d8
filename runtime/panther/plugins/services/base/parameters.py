"""The parameters of a service's command line: names, units, defaults and ranges, for each protocol.

The base classes supply values and add no flag of their own, because implementations spell flags
differently. Defaults that are paths follow the directories of the public QUIC interop runner
(``/certs``, ``/www``, ``/downloads``, ``/logs``), which is where a container finds them.
"""

from __future__ import annotations

from typing import Any, ClassVar, Dict, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = [
    "EchoParameters",
    "HTTPParameters",
    "MinipParameters",
    "QUICParameters",
    "ServiceParameters",
]


class ServiceParameters(BaseModel):
    """Parameters that every service has; others pass through as they are."""

    model_config = ConfigDict(extra="allow")

    url_pattern: ClassVar[str] = ""

    role: Literal["server", "client"] = "server"
    host: str = Field("localhost", description="name or address of the server, for a client")
    port: int = Field(8080, ge=1, le=65535, description="port of the server")
    bind_address: str = Field("0.0.0.0", description="address that a server binds")  # noqa: S104 — as in a container
    url: str = Field("", description="what a client fetches; empty: the server's root")
    debug_level: int = Field(0, ge=0, description="how much the implementation logs; 0: its normal amount")
    www_dir: str = Field("/www", description="directory whose files a server serves")
    download_dir: str = Field("/downloads", description="directory that a client writes into")
    log_dir: str = Field("/logs", description="directory for the implementation's own logs")
    custom_options: Dict[str, str] = Field(default_factory=dict)
    runtime_parameters: Dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fill_in_url(self) -> ServiceParameters:
        if not self.url:
            host = f"[{self.host}]" if ":" in self.host else self.host  # RFC 3986, section 3.2.2
            self.url = self.url_pattern.format(host=host, port=self.port)
        return self


class _TLSParameters(ServiceParameters):
    """Parameters of a protocol that uses certificates."""

    cert_file: str = Field("/certs/cert.pem", description="certificate chain of the server, PEM")
    key_file: str = Field("/certs/priv.key", description="private key of the server, PEM")
    ca_file: str = Field("/certs/ca.pem", description="authority that a client trusts, PEM")
    server_name: str = Field("localhost", description="name that a client expects in the certificate")


class QUICParameters(_TLSParameters):
    """Parameters of a QUIC endpoint (RFC 9000) that speaks HTTP/3 (RFC 9114)."""

    url_pattern: ClassVar[str] = "https://{host}:{port}/"

    port: int = Field(4443, ge=1, le=65535, description="UDP port of the server")
    alpn: str = Field("h3", description="application protocol to negotiate (RFC 7301)")
    zero_rtt: bool = Field(default=False, description="send early data (RFC 9001, section 4.6)")
    custom_crypto: bool = Field(default=False, description="use the implementation's own crypto provider")
    qlog_dir: str = Field("", description="directory for qlog files; empty: off")
    keylog_file: str = Field("", description="file for TLS secrets, NSS key log format; empty: off")
    session_file: str = Field("", description="file that a client keeps its TLS session in; empty: none")
    testcase: str = Field("http3", description="case of the public interop contract, for who obeys it")
    requests: int = Field(1, ge=1, description="how often a client that obeys that contract asks for the URL")


class HTTPParameters(_TLSParameters):
    """Parameters of an HTTP endpoint (RFC 9110)."""

    url_pattern: ClassVar[str] = "http://{host}:{port}/"

    port: int = Field(80, ge=1, le=65535, description="TCP port of the server")
    document_root: str = Field("", description="another name of www_dir; empty: the same")
    enable_h2: bool = Field(default=False, description="offer HTTP/2 (RFC 9113)")

    @model_validator(mode="before")
    @classmethod
    def _share_document_root(cls, values: Any) -> Any:
        root = values.get("document_root") or values.get("www_dir") or cls.model_fields["www_dir"].default
        return {**values, "document_root": root, "www_dir": values.get("www_dir") or root}


class MinipParameters(ServiceParameters):
    """Parameters of a MINIP endpoint, a ping-pong protocol over UDP."""

    port: int = Field(4987, ge=1, le=65535, description="UDP port of the server")
    count: int = Field(5, ge=1, description="pings that a client sends")
    interval: float = Field(0.05, ge=0, description="seconds between two pings")


class EchoParameters(ServiceParameters):
    """Parameters of a TCP endpoint, and of a custom protocol: a client sends a file and gets an answer."""

    payload_file: str = Field("", description="file that a client sends; empty: nothing is asked for")
