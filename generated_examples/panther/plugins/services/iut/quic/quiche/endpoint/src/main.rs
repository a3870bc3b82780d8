//! A small HTTP/3 server and client on quiche.
//!
//! The server sends the files below a directory, the client fetches one URL into a directory.
//! SSLKEYLOGFILE in the environment switches TLS secrets on.

mod client;
mod server;
mod transport;

use std::error::Error;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const USAGE: &str = "usage:
  quiche-endpoint server --bind ADDRESS:PORT --cert FILE --key FILE --root DIR [--retry]
  quiche-endpoint client --ca FILE --output DIR [--session FILE] URL";

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let ended = match words.first().map(String::as_str) {
        Some("server") => server::run(&words[1..]),
        Some("client") => client::run(&words[1..]),
        _ => Err(USAGE.into()),
    };
    if let Err(error) = ended {
        eprintln!("quiche-endpoint: {error}");
        std::process::exit(1);
    }
}

/// The word after an option; None where the option is absent.
fn optional<'a>(words: &'a [String], name: &str) -> Option<&'a str> {
    let place = words.iter().position(|word| word == name)?;
    words.get(place + 1).map(String::as_str)
}

/// The word after an option that has to be there.
fn option<'a>(words: &'a [String], name: &str) -> Result<&'a str> {
    optional(words, name).ok_or_else(|| format!("{name} is missing\n{USAGE}").into())
}
