//! The server: files below a directory, over any number of connections.

use std::collections::HashMap;
use std::net::{SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};

use quiche::h3::{self, Event, Header, NameValue};
use quiche::{Config, Connection, ConnectionId, RecvInfo, Type};

use crate::transport::{flush, keep_secrets, random, receive, send, settings, ID_LENGTH};
use crate::{option, Result};

/// Bytes that are enough for a Retry and for a Version Negotiation packet.
const SMALL_PACKET: usize = 512;
const TOKEN_LENGTH: usize = 32;
/// H3_GENERAL_PROTOCOL_ERROR, RFC 9114, section 8.1.
const GENERAL_ERROR: u64 = 0x101;

pub fn run(words: &[String]) -> Result<()> {
    let socket = UdpSocket::bind(option(words, "--bind")?)?;
    let mut config = settings()?;
    config.load_cert_chain_from_pem_file(option(words, "--cert")?)?;
    config.load_priv_key_from_pem_file(option(words, "--key")?)?;
    let mut server = Server {
        local: socket.local_addr()?,
        root: PathBuf::from(option(words, "--root")?).canonicalize()?,
        retry: words.iter().any(|word| word == "--retry"),
        socket,
        config,
        peers: HashMap::new(),
        ids: HashMap::new(),
        tokens: HashMap::new(),
        begun: 0,
    };
    loop {
        server.turn()?;
    }
}

struct Server {
    socket: UdpSocket,
    local: SocketAddr,
    root: PathBuf,
    retry: bool,
    config: Config,
    /// The connections, by a number of ours.
    peers: HashMap<usize, Peer>,
    /// That number, by each connection ID that a client may write to: the one it made up first, too.
    ids: HashMap<Vec<u8>, usize>,
    /// What each Retry token was given for: an address, and the connection ID that the client began with.
    tokens: HashMap<Vec<u8>, (SocketAddr, Vec<u8>)>,
    begun: usize,
}

/// A connection, and what its streams still have to send.
struct Peer {
    transport: Connection,
    http: Option<h3::Connection>,
    answers: HashMap<u64, Answer>,
}

impl Server {
    /// Take what arrives, answer it, and forget the connections that have ended.
    fn turn(&mut self) -> Result<()> {
        let timeout = self.peers.values().filter_map(|peer| peer.transport.timeout()).min();
        let socket = self.socket.try_clone()?;
        receive(&socket, timeout, |datagram, from| self.take(datagram, from))?;
        for peer in self.peers.values_mut() {
            if peer.transport.timeout().is_some_and(|left| left.is_zero()) {
                peer.transport.on_timeout();
            }
            if let Err(error) = peer.proceed(&self.root) {
                eprintln!("a connection ends: {error}");
                let _ = peer.transport.close(true, GENERAL_ERROR, b""); // where HTTP/3 has closed it already, that stays
            }
            flush(&mut peer.transport, &self.socket)?;
        }
        self.peers.retain(|_, peer| !peer.transport.is_closed());
        self.ids.retain(|_, number| self.peers.contains_key(number));
        Ok(())
    }

    /// Give a datagram to its connection; one that opens a connection may be answered by a Retry first.
    fn take(&mut self, datagram: &mut [u8], from: SocketAddr) -> Result<()> {
        let Ok(header) = quiche::Header::from_slice(datagram, ID_LENGTH) else { return Ok(()) };
        let number = match self.ids.get(header.dcid.as_ref()) {
            Some(&number) => number,
            None => match self.open(&header, from)? {
                Some(number) => number,
                None => return Ok(()),
            },
        };
        if let Some(peer) = self.peers.get_mut(&number) {
            // What cannot be read is dropped, and what breaks the connection closes it: both are in its state.
            let _ = peer.transport.recv(datagram, RecvInfo { from, to: self.local });
        }
        Ok(())
    }

    /// Begin a connection; None where the packet opens none, or has been answered by itself.
    fn open(&mut self, header: &quiche::Header, from: SocketAddr) -> Result<Option<usize>> {
        if !matches!(header.ty, Type::Initial | Type::ZeroRTT) {
            return Ok(None);
        }
        if !quiche::version_is_supported(header.version) {
            let mut packet = [0; SMALL_PACKET];
            let length = quiche::negotiate_version(&header.scid, &header.dcid, &mut packet)?;
            send(&self.socket, &packet[..length], from)?;
            return Ok(None);
        }
        if header.ty != Type::Initial {
            return Ok(None);
        }
        let token = header.token.as_deref().unwrap_or_default();
        let asked = self.tokens.get(token).filter(|(address, _)| *address == from).map(|(_, id)| id.clone());
        if self.retry && asked.is_none() {
            self.ask_again(header, from)?;
            return Ok(None);
        }
        Ok(Some(self.accept(header, asked, from)?))
    }

    /// Let the client prove its address: it has to come back with the token (RFC 9000, section 8.1.2).
    fn ask_again(&mut self, header: &quiche::Header, from: SocketAddr) -> Result<()> {
        let token = random::<TOKEN_LENGTH>()?;
        let id = random::<ID_LENGTH>()?;
        let mut packet = [0; SMALL_PACKET];
        let own = ConnectionId::from_ref(&id);
        let length = quiche::retry(&header.scid, &header.dcid, &own, &token, header.version, &mut packet)?;
        self.tokens.insert(token.to_vec(), (from, header.dcid.to_vec()));
        send(&self.socket, &packet[..length], from)
    }

    fn accept(&mut self, header: &quiche::Header, asked: Option<Vec<u8>>, from: SocketAddr) -> Result<usize> {
        // After a Retry the client writes to the ID that was chosen there, and that one stays.
        let id = if asked.is_some() { header.dcid.to_vec() } else { random::<ID_LENGTH>()?.to_vec() };
        let original = asked.map(ConnectionId::from_vec);
        let own = ConnectionId::from_ref(&id);
        let mut transport = quiche::accept(&own, original.as_ref(), self.local, from, &mut self.config)?;
        keep_secrets(&mut transport)?;
        self.begun += 1;
        self.ids.insert(header.dcid.to_vec(), self.begun);
        self.ids.insert(id, self.begun);
        self.peers.insert(self.begun, Peer { transport, http: None, answers: HashMap::new() });
        Ok(self.begun)
    }
}

impl Peer {
    /// Take the requests that are there, and go on with the answers.
    fn proceed(&mut self, root: &Path) -> std::result::Result<(), h3::Error> {
        if self.http.is_none() && (self.transport.is_established() || self.transport.is_in_early_data()) {
            self.http = Some(h3::Connection::with_transport(&mut self.transport, &h3::Config::new()?)?);
        }
        let Some(http) = self.http.as_mut() else { return Ok(()) };
        loop {
            match http.poll(&mut self.transport) {
                Ok((stream, Event::Headers { list, .. })) => {
                    self.answers.entry(stream).or_insert_with(|| Answer::new(&list, root));
                }
                Ok((stream, Event::Data)) => while http.recv_body(&mut self.transport, stream, &mut [0; 4096]).is_ok() {},
                Ok((stream, Event::Reset(_))) => drop(self.answers.remove(&stream)),
                Ok(_) => (),
                Err(h3::Error::Done) => break,
                Err(error) => return Err(error),
            }
        }
        let transport = &mut self.transport;
        // A stream that the client does not want any more is no fault of the connection.
        self.answers.retain(|stream, answer| matches!(answer.proceed(http, transport, *stream), Ok(false)));
        Ok(())
    }
}

/// What is sent on a stream, and how far that has come.
struct Answer {
    head: Option<Vec<Header>>,
    body: Vec<u8>,
    sent: usize,
}

impl Answer {
    fn new(request: &[Header], root: &Path) -> Self {
        let value = |name: &[u8]| request.iter().find(|header| header.name() == name).map(NameValue::value);
        let target = value(b":path").and_then(|path| std::str::from_utf8(path).ok()).unwrap_or("/");
        let found = (value(b":method") == Some(b"GET")).then(|| read_file(root, target)).flatten();
        let status: &[u8] = if found.is_some() { b"200" } else { b"404" };
        let body = found.unwrap_or_default();
        let length = body.len().to_string();
        let head = vec![Header::new(b":status", status), Header::new(b"content-length", length.as_bytes())];
        Answer { head: Some(head), body, sent: 0 }
    }

    /// Send as much as the client takes now; return whether that was all.
    fn proceed(
        &mut self,
        http: &mut h3::Connection,
        transport: &mut Connection,
        stream: u64,
    ) -> std::result::Result<bool, h3::Error> {
        if let Some(head) = &self.head {
            match http.send_response(transport, stream, head, self.body.is_empty()) {
                Ok(()) => self.head = None,
                Err(h3::Error::StreamBlocked) => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        while self.sent < self.body.len() {
            match http.send_body(transport, stream, &self.body[self.sent..], true) {
                Ok(length) => self.sent += length,
                Err(h3::Error::Done) => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }
}

/// The file that a request names; None if it is absent or not below the root.
fn read_file(root: &Path, target: &str) -> Option<Vec<u8>> {
    let path = root.join(target.trim_start_matches('/')).canonicalize().ok()?;
    if path.starts_with(root) { std::fs::read(path).ok() } else { None }
}
