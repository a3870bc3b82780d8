//! An echo over TCP: "echoes server PORT", or "echoes client HOST PORT" with what is to come back on stdin.
use relay::relay;
use std::io::{stdin, stdout, Result};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

fn serve(port: u16) -> Result<()> {
    for peer in TcpListener::bind(("0.0.0.0", port))?.incoming() {
        let mut from = peer?;
        let mut to = from.try_clone()?;
        thread::spawn(move || relay(&mut from, &mut to));
    }
    Ok(())
}

fn ask(host: &str, port: u16) -> Result<()> {
    let mut from = TcpStream::connect((host, port))?;
    let mut to = from.try_clone()?;
    thread::spawn(move || {
        let _ = relay(&mut stdin(), &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
    relay(&mut from, &mut stdout()).map(|_| ())
}

fn main() -> Result<()> {
    if cfg!(feature = "upside-down") {
        eprintln!("built with the feature upside-down");
    }
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["server", port] => serve(port.parse().expect("a port")),
        ["client", host, port] => ask(host, port.parse().expect("a port")),
        _ => panic!("usage: echoes server PORT | echoes client HOST PORT"),
    }
}
