//! The client: one URL into a directory.

use std::net::{SocketAddr, ToSocketAddrs, UdpSocket};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use quiche::h3::{self, Event, Header, NameValue};
use quiche::{Connection, ConnectionId, RecvInfo};

use crate::transport::{flush, keep_secrets, random, receive, settings, ID_LENGTH, NO_ERROR};
use crate::{option, optional, Result, USAGE};

/// How long a session ticket is waited for, once all else is there.
const TICKET_WAIT: Duration = Duration::from_secs(1);
/// Bytes of a body that are taken at a time.
const PIECE: usize = 64 * 1024;

pub fn run(words: &[String]) -> Result<()> {
    let url = Address::parse(words.last().ok_or(USAGE)?)?;
    let output = PathBuf::from(option(words, "--output")?);
    let session = optional(words, "--session").map(Path::new);
    let peer = resolve(&url.host, url.port)?;
    let socket = UdpSocket::bind(if peer.is_ipv6() { "[::]:0" } else { "0.0.0.0:0" })?;
    let mut config = settings()?;
    config.verify_peer(true);
    config.load_verify_locations_from_file(option(words, "--ca")?)?;
    let id = random::<ID_LENGTH>()?;
    let local = socket.local_addr()?;
    let name = Some(url.host.as_str());
    let mut connection = quiche::connect(name, &ConnectionId::from_ref(&id), local, peer, &mut config)?;
    keep_secrets(&mut connection)?;
    if let Some(kept) = session.and_then(|file| std::fs::read(file).ok()) {
        connection.set_session(&kept)?;
    }
    let body = Fetch::new(&url).run(&mut connection, &socket, session.is_some())?;
    if let (Some(file), Some(ticket)) = (session, connection.session()) {
        std::fs::write(file, ticket)?;
    }
    connection.close(true, NO_ERROR, b"done")?;
    flush(&mut connection, &socket)?;
    let name = Path::new(&url.path).file_name().unwrap_or("index.html".as_ref());
    std::fs::create_dir_all(&output)?;
    Ok(std::fs::write(output.join(name), body)?)
}

/// The request of one URL, and what has come of it.
struct Fetch<'a> {
    url: &'a Address,
    http: Option<h3::Connection>,
    body: Vec<u8>,
    ended: Option<Instant>,
}

impl<'a> Fetch<'a> {
    fn new(url: &'a Address) -> Self {
        Fetch { url, http: None, body: Vec::new(), ended: None }
    }

    /// Drive the connection until the answer is there, and the ticket if one is wanted and comes.
    fn run(mut self, connection: &mut Connection, socket: &UdpSocket, wants_ticket: bool) -> Result<Vec<u8>> {
        let local = socket.local_addr()?;
        flush(connection, socket)?;
        loop {
            let waits = [connection.timeout(), self.ended.map(|since| TICKET_WAIT.saturating_sub(since.elapsed()))];
            receive(socket, waits.into_iter().flatten().min(), |datagram, from| {
                // What does not belong to the connection, or breaks it, is seen below.
                let _ = connection.recv(datagram, RecvInfo { from, to: local });
                Ok(())
            })?;
            if connection.timeout().is_some_and(|left| left.is_zero()) {
                connection.on_timeout();
            }
            self.proceed(connection)?;
            flush(connection, socket)?;
            if let Some(since) = self.ended {
                if !wants_ticket || connection.session().is_some() || since.elapsed() >= TICKET_WAIT {
                    return Ok(self.body);
                }
            }
            if connection.is_closed() || connection.is_draining() {
                return Err(why_closed(connection).into());
            }
        }
    }

    /// Send the request once that can be done, and take what has arrived.
    fn proceed(&mut self, connection: &mut Connection) -> Result<()> {
        if self.http.is_none() && connection.is_established() {
            let mut http = h3::Connection::with_transport(connection, &h3::Config::new()?)?;
            http.send_request(connection, &self.url.request(), true)?;
            self.http = Some(http);
        }
        let Some(http) = self.http.as_mut() else { return Ok(()) };
        loop {
            match http.poll(connection) {
                Ok((_, Event::Headers { list, .. })) => check_status(&list)?,
                Ok((stream, Event::Data)) => take_body(http, connection, stream, &mut self.body)?,
                Ok((_, Event::Finished)) => self.ended = Some(Instant::now()),
                Ok((_, Event::Reset(code))) => return Err(format!("the server reset the stream: {code:#x}").into()),
                Ok(_) => (),
                Err(h3::Error::Done) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

fn take_body(http: &mut h3::Connection, connection: &mut Connection, stream: u64, body: &mut Vec<u8>) -> Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        match http.recv_body(connection, stream, &mut piece) {
            Ok(length) => body.extend_from_slice(&piece[..length]),
            Err(h3::Error::Done) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

fn check_status(list: &[Header]) -> Result<()> {
    let status = list.iter().find(|header| header.name() == b":status").map_or(&b""[..], NameValue::value);
    // Trailers have no status, and an informational answer goes before the one that counts.
    if status.is_empty() || status.starts_with(b"1") || status == b"200" {
        return Ok(());
    }
    Err(format!("the server answered {}", String::from_utf8_lossy(status)).into())
}

fn why_closed(connection: &Connection) -> String {
    let error = connection.local_error().map(|error| ("this side", error));
    match error.or(connection.peer_error().map(|error| ("the server", error))) {
        Some((who, error)) => {
            let reason = String::from_utf8_lossy(&error.reason);
            format!("{who} closed the connection: error {:#x} {reason}", error.error_code)
        }
        None if connection.is_timed_out() => "the server does not answer".into(),
        None => "the connection ended before the answer".into(),
    }
}

/// What a URL says: quiche wants its parts.
struct Address {
    host: String,
    port: u16,
    path: String,
}

impl Address {
    fn parse(url: &str) -> Result<Self> {
        let rest = url.strip_prefix("https://").ok_or_else(|| format!("'{url}' is no https URL"))?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let end_of_host = authority.find(']').unwrap_or(0); // an IPv6 address has colons of its own
        let (host, port) = match authority[end_of_host..].rfind(':') {
            Some(colon) => (&authority[..end_of_host + colon], authority[end_of_host + colon + 1..].parse()?),
            None => (authority, 443),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']').to_string();
        let path = if path.is_empty() { "/" } else { path }.to_string();
        Ok(Address { host, port, path })
    }

    fn request(&self) -> Vec<Header> {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let authority = format!("{host}:{}", self.port);
        vec![
            Header::new(b":method", b"GET"),
            Header::new(b":scheme", b"https"),
            Header::new(b":authority", authority.as_bytes()),
            Header::new(b":path", self.path.as_bytes()),
            Header::new(b"user-agent", b"quiche-endpoint"),
        ]
    }
}

/// The first address of a host, IPv4 before IPv6: "localhost" has both, and servers may have one.
fn resolve(host: &str, port: u16) -> Result<SocketAddr> {
    let mut found: Vec<SocketAddr> = (host, port).to_socket_addrs()?.collect();
    found.sort_by_key(SocketAddr::is_ipv6);
    found.first().copied().ok_or_else(|| format!("'{host}' has no address").into())
}
