//! What server and client share: settings, random bytes, and datagrams in and out.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use quiche::{h3, Config, Connection};

use crate::Result;

/// H3_NO_ERROR, RFC 9114, section 8.1.
pub const NO_ERROR: u64 = 0x100;
/// Bytes of a connection ID: the most that RFC 9000, section 17.2, allows.
pub const ID_LENGTH: usize = quiche::MAX_CONN_ID_LEN;
/// Bytes of the largest payload of UDP (RFC 9000, section 18.2): peers take a larger limit for an error.
const LARGEST: usize = 65527;
/// Bytes of a datagram that is sent.
const SENT: usize = 1350;
/// Bytes that a peer may send before it has to wait, in one stream and in all.
const STREAM_WINDOW: u64 = 1 << 20;
const WINDOW: u64 = 10 << 20;
/// Milliseconds without a packet after which a connection is given up.
const IDLE: u64 = 30_000;

/// The transport's settings, the same in both roles.
pub fn settings() -> Result<Config> {
    let mut config = Config::new(quiche::PROTOCOL_VERSION)?;
    config.set_application_protos(h3::APPLICATION_PROTOCOL)?;
    config.set_max_idle_timeout(IDLE);
    config.set_max_recv_udp_payload_size(LARGEST);
    config.set_max_send_udp_payload_size(SENT);
    config.set_initial_max_data(WINDOW);
    config.set_initial_max_stream_data_bidi_local(STREAM_WINDOW);
    config.set_initial_max_stream_data_bidi_remote(STREAM_WINDOW);
    config.set_initial_max_stream_data_uni(STREAM_WINDOW);
    config.set_initial_max_streams_bidi(100);
    config.set_initial_max_streams_uni(100);
    config.enable_pacing(false); // datagrams are sent at once, whatever time they are meant for
    config.log_keys();
    Ok(config)
}

/// Let a connection write its TLS secrets to the file that the environment names.
pub fn keep_secrets(connection: &mut Connection) -> Result<()> {
    if let Some(name) = std::env::var_os("SSLKEYLOGFILE") {
        connection.set_keylog(Box::new(OpenOptions::new().create(true).append(true).open(name)?));
    }
    Ok(())
}

/// Bytes that nobody can guess.
pub fn random<const LENGTH: usize>() -> Result<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Send all that a connection has to send now.
pub fn flush(connection: &mut Connection, socket: &UdpSocket) -> Result<()> {
    let mut datagram = [0; SENT];
    loop {
        match connection.send(&mut datagram) {
            Ok((length, way)) => send(socket, &datagram[..length], way.to)?,
            Err(quiche::Error::Done) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Send a datagram; that nobody listens there any more is found out by silence, as in any network.
pub fn send(socket: &UdpSocket, datagram: &[u8], to: SocketAddr) -> Result<()> {
    match socket.send_to(datagram, to) {
        Err(error) if error.kind() != ErrorKind::ConnectionRefused => Err(error.into()),
        _ => Ok(()),
    }
}

/// Wait for datagrams, and hand over all that are there.
///
/// `timeout` is how long to wait for the first one; None: until it comes.
pub fn receive(
    socket: &UdpSocket,
    timeout: Option<Duration>,
    mut take: impl FnMut(&mut [u8], SocketAddr) -> Result<()>,
) -> Result<()> {
    let mut datagram = [0; LARGEST];
    // The system takes zero for "no timeout".
    socket.set_read_timeout(timeout.map(|time| time.max(Duration::from_millis(1))))?;
    let mut received = socket.recv_from(&mut datagram);
    socket.set_nonblocking(true)?;
    loop {
        match received {
            Ok((length, from)) => take(&mut datagram[..length], from)?,
            Err(error) if is_passing(error.kind()) => break,
            Err(error) => return Err(error.into()),
        }
        received = socket.recv_from(&mut datagram);
    }
    Ok(socket.set_nonblocking(false)?)
}

fn is_passing(kind: ErrorKind) -> bool {
    use ErrorKind::{ConnectionRefused, Interrupted, TimedOut, WouldBlock};
    matches!(kind, WouldBlock | TimedOut | Interrupted | ConnectionRefused)
}
