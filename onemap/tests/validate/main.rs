//! What `validate` finds: in layers drawn for one fault each, and in random ones, where every overlap
//! and gap is counted by brute force.

mod draw;
mod faults;
mod geos;
mod random;
