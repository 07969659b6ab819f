//! The synthetic city: deterministic by seed, believable on a map, streamed to files.
//!
//! Who reads in this order meets each thing after what it is made from:
//!
//! - [`plan`]: how much of what, where; [`terrain`]: outline, lake, river, where people live
//! - [`mesh`]: faces that share vertices; [`cut`]: one street through a face
//! - [`districts`]: counties → towns → communities → grids → blocks; [`ground`]: water, grids within grids
//! - [`beats`]: stations and beats over the blocks; [`digitise`]: their borders as the police draw them
//! - [`trace`]: areas from the mesh; [`register`]: codes and names ([`names`])
//! - [`blocks`]: what stands where; [`doors`]: addresses; [`city`]: all of it together
//! - [`areas`], [`addresses`], [`residents`], [`incidents`], [`staff`]: rows, one file each ([`text`])
//! - [`write`](mod@write): the files
//! - [`geom`], [`rng`], [`share`]: arithmetic and chance that are the same on every machine

pub mod addresses;
pub mod areas;
pub mod beats;
pub mod blocks;
pub mod city;
pub mod cut;
pub mod digitise;
pub mod districts;
pub mod doors;
pub mod geom;
pub mod ground;
pub mod incidents;
pub mod mesh;
pub mod names;
pub mod plan;
pub mod register;
pub mod residents;
pub mod rng;
pub mod share;
pub mod staff;
pub mod terrain;
pub mod text;
pub mod trace;
pub mod write;

pub use plan::Scale;
pub use write::{Options, Summary, SynthError, write};
