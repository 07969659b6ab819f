//! The sections of all addresses.

use super::section::{Sections, damaged, put, put_bytes};
use gridbeat_onemap::{AddressColumns, Addresses, E7, record::Fid};
use std::io::{self, Read, Write};

/// Writes them.
///
/// # Errors
/// When they cannot be written.
pub(super) fn write(out: &mut impl Write, addresses: &Addresses) -> io::Result<()> {
    let c = addresses.columns();
    put(out, c.fids.iter().map(|f| f.0.to_ne_bytes()))?;
    put(out, c.at.iter().map(|p| bytemuck::cast::<[i32; 2], [u8; 8]>([p.lon, p.lat])))?;
    for column in c.counts.iter().chain([&c.pieces]) {
        put(out, column.iter().map(|v| v.to_ne_bytes()))?;
    }
    put(out, c.ends.iter().map(|&ends| bytemuck::cast::<[u64; 2], [u8; 16]>(ends)))?;
    put_bytes(out, c.words)?;
    put(out, c.order.iter().map(|v| v.to_ne_bytes()))
}

/// Reads them, in the order in which they were written.
///
/// # Errors
/// When they are damaged.
pub(super) fn read(from: &mut Sections<impl Read>) -> io::Result<Addresses> {
    let columns = AddressColumns {
        fids: from.take::<u64>()?.into_iter().map(Fid).collect(),
        at: from.take::<[i32; 2]>()?.into_iter().map(|[lon, lat]| E7::new(lon, lat)).collect(),
        counts: [from.take()?, from.take()?, from.take()?],
        pieces: from.take()?,
        ends: from.take()?,
        words: from.take()?,
        order: from.take()?,
    };
    Addresses::from_columns(columns).map_err(damaged)
}
