//! Copies what one side says to the other.
use std::io::{copy, Read, Result, Write};

/// Copies until the end of what can be read.
pub fn relay(from: &mut impl Read, to: &mut impl Write) -> Result<u64> {
    let copied = copy(from, to)?;
    to.flush()?;
    Ok(copied)
}
