//! A small HTTP/3 server and client on quinn and h3.
//!
//! The server sends the files below a directory, the client fetches one URL into a directory.
//! SSLKEYLOGFILE in the environment switches TLS secrets on.

use std::error::Error;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::{Buf, Bytes};
use http::{Request, Response, StatusCode, Uri};
use quinn::crypto::rustls::{QuicClientConfig, QuicServerConfig};
use quinn::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use quinn::rustls::{self, KeyLogFile, RootCertStore};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const USAGE: &str = "usage:
  quinn-endpoint server --bind ADDRESS:PORT --cert FILE --key FILE --root DIR [--retry]
  quinn-endpoint client --ca FILE --output DIR URL";
/// Bytes of a file that are sent at a time.
const PIECE: usize = 64 * 1024;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let ended = match words.first().map(String::as_str) {
        Some("server") => run_server(&words[1..]).await,
        Some("client") => run_client(&words[1..]).await,
        _ => Err(USAGE.into()),
    };
    if let Err(error) = ended {
        eprintln!("quinn-endpoint: {error}");
        std::process::exit(1);
    }
}

/// The word after an option.
fn option<'a>(words: &'a [String], name: &str) -> Result<&'a str> {
    let place = words.iter().position(|word| word == name);
    let value = place.and_then(|place| words.get(place + 1));
    value.map(String::as_str).ok_or_else(|| format!("{name} is missing\n{USAGE}").into())
}

async fn run_server(words: &[String]) -> Result<()> {
    let address: SocketAddr = option(words, "--bind")?.parse()?;
    let root = PathBuf::from(option(words, "--root")?).canonicalize()?;
    let retry = words.iter().any(|word| word == "--retry");
    let chain = certificates(option(words, "--cert")?)?;
    let mut tls = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, private_key(option(words, "--key")?)?)?;
    tls.alpn_protocols = vec![b"h3".to_vec()];
    tls.key_log = Arc::new(KeyLogFile::new());
    let settings = quinn::ServerConfig::with_crypto(Arc::new(QuicServerConfig::try_from(tls)?));
    let endpoint = quinn::Endpoint::server(settings, address)?;
    loop {
        tokio::select! {
            incoming = endpoint.accept() => match incoming {
                Some(incoming) if retry && !incoming.remote_address_validated() => incoming.retry()?,
                Some(incoming) => drop(tokio::spawn(serve(incoming, root.clone()))),
                None => return Ok(()),
            },
            _ = tokio::signal::ctrl_c() => {
                endpoint.close(0u32.into(), b"the server ends");
                return Ok(());
            }
        }
    }
}

/// Answer the requests of one connection, until it ends.
async fn serve(incoming: quinn::Incoming, root: PathBuf) {
    if let Err(error) = answer_all(incoming, &root).await {
        eprintln!("a connection ended: {error}");
    }
}

async fn answer_all(incoming: quinn::Incoming, root: &Path) -> Result<()> {
    let connection = h3_quinn::Connection::new(incoming.await?);
    let mut http = h3::server::Connection::<_, Bytes>::new(connection).await?;
    while let Some(resolver) = http.accept().await? {
        let (request, mut stream) = resolver.resolve_request().await?;
        // To its end: a request that is dropped half-read is reset, and clients take that for a failure.
        while stream.recv_data().await?.is_some() {}
        let found = (request.method() == http::Method::GET)
            .then(|| read_file(root, request.uri().path()))
            .flatten();
        let status = if found.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
        let mut body = Bytes::from(found.unwrap_or_default());
        let head = Response::builder().status(status).header("content-length", body.len());
        stream.send_response(head.body(())?).await?;
        while body.has_remaining() {
            stream.send_data(body.split_to(PIECE.min(body.len()))).await?;
        }
        stream.finish().await?;
    }
    Ok(())
}

/// The file that a request names; None if it is absent or not below the root.
fn read_file(root: &Path, target: &str) -> Option<Vec<u8>> {
    let path = root.join(target.trim_start_matches('/')).canonicalize().ok()?;
    if path.starts_with(root) { std::fs::read(path).ok() } else { None }
}

async fn run_client(words: &[String]) -> Result<()> {
    let output = PathBuf::from(option(words, "--output")?);
    let url: Uri = words.last().ok_or(USAGE)?.parse()?;
    let host = url.host().ok_or("the URL names no host")?;
    let mut roots = RootCertStore::empty();
    for authority in certificates(option(words, "--ca")?)? {
        roots.add(authority)?;
    }
    let mut tls = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    tls.alpn_protocols = vec![b"h3".to_vec()];
    tls.key_log = Arc::new(KeyLogFile::new());
    let address = resolve(host, url.port_u16().unwrap_or(443))?;
    let own: SocketAddr = if address.is_ipv6() { "[::]:0" } else { "0.0.0.0:0" }.parse()?;
    let mut endpoint = quinn::Endpoint::client(own)?;
    endpoint.set_default_client_config(quinn::ClientConfig::new(Arc::new(QuicClientConfig::try_from(tls)?)));
    let connection = endpoint.connect(address, host)?.await?;
    let body = fetch(connection.clone(), url.clone()).await?;
    connection.close(0x100u32.into(), b"done"); // H3_NO_ERROR, RFC 9114, section 8.1
    endpoint.wait_idle().await;
    let name = Path::new(url.path()).file_name().unwrap_or("index.html".as_ref());
    std::fs::create_dir_all(&output)?;
    Ok(std::fs::write(output.join(name), body)?)
}

async fn fetch(connection: quinn::Connection, url: Uri) -> Result<Vec<u8>> {
    let (_driver, mut requests) = h3::client::new(h3_quinn::Connection::new(connection)).await?;
    let mut stream = requests.send_request(Request::get(url).body(())?).await?;
    stream.finish().await?;
    let response = stream.recv_response().await?;
    if response.status() != StatusCode::OK {
        return Err(format!("the server answered {}", response.status()).into());
    }
    let mut body = Vec::new();
    while let Some(mut piece) = stream.recv_data().await? {
        while piece.has_remaining() {
            let chunk = piece.chunk();
            body.extend_from_slice(chunk);
            let length = chunk.len();
            piece.advance(length);
        }
    }
    Ok(body)
}

/// The first address of a host, IPv4 before IPv6: "localhost" has both, and servers may have one.
fn resolve(host: &str, port: u16) -> Result<SocketAddr> {
    let mut found: Vec<SocketAddr> = (host, port).to_socket_addrs()?.collect();
    found.sort_by_key(SocketAddr::is_ipv6);
    found.first().copied().ok_or_else(|| format!("'{host}' has no address").into())
}

fn certificates(file: &str) -> Result<Vec<CertificateDer<'static>>> {
    let text = std::fs::read(file)?;
    Ok(rustls_pemfile::certs(&mut text.as_slice()).collect::<std::io::Result<_>>()?)
}

fn private_key(file: &str) -> Result<PrivateKeyDer<'static>> {
    let text = std::fs::read(file)?;
    rustls_pemfile::private_key(&mut text.as_slice())?.ok_or_else(|| format!("'{file}' holds no private key").into())
}
