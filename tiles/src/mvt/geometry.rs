//! The commands of a geometry (2.1, §4.3), numbers encoded as they are drawn.

use super::varint::{self, put};

/// What a feature's geometry is; the numbers are the specification's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Points.
    Point = 1,
    /// Lines.
    Line = 2,
    /// Polygons.
    Polygon = 3,
}

/// The commands of one geometry, in tile coordinates (`y` southwards), as they are written into a feature.
#[derive(Clone, Debug)]
pub struct Geometry {
    pub(super) kind: Kind,
    bytes: Vec<u8>,
    /// A point's commands: most features are points, and need no room of their own.
    point: [u8; 2 * LONGEST + 1],
    point_len: u8,
    cursor: (i32, i32),
}

const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE_PATH: u32 = 7;

/// Bytes of a number of 32 bits at most.
const LONGEST: usize = 5;

impl Geometry {
    /// One point.
    pub fn point(x: i32, y: i32) -> Self {
        let mut geometry = Self::empty(Kind::Point);
        let mut end = put(&mut geometry.point, 0, MOVE_TO | 1 << 3);
        for v in [x, y] {
            end = put(&mut geometry.point, end, zigzag32(v));
        }
        geometry.point_len = end as u8;
        geometry
    }

    /// Lines, to be added with [`Geometry::add_line`].
    pub fn lines() -> Self {
        Self::empty(Kind::Line)
    }

    /// Polygons, to be added ring by ring with [`Geometry::add_ring`]: each exterior followed by its holes.
    pub fn polygons() -> Self {
        Self::empty(Kind::Polygon)
    }

    fn empty(kind: Kind) -> Self {
        Self { kind, bytes: Vec::new(), point: [0; 2 * LONGEST + 1], point_len: 0, cursor: (0, 0) }
    }

    /// The commands, as packed numbers.
    pub(super) fn packed(&self) -> &[u8] {
        match self.kind {
            Kind::Point => &self.point[..usize::from(self.point_len)],
            Kind::Line | Kind::Polygon => &self.bytes,
        }
    }

    /// Whether nothing was drawn.
    pub fn is_empty(&self) -> bool {
        self.packed().is_empty()
    }

    /// Adds a line; one without at least two different consecutive points adds nothing.
    pub fn add_line(&mut self, points: impl IntoIterator<Item = (i32, i32), IntoIter: ExactSizeIterator>) {
        self.path(points.into_iter(), false);
    }

    /// Adds a ring, in either direction and with or without its repeated last point: it is turned so that
    /// an exterior has a positive and a hole a negative area in tile coordinates (2.1, §4.3.3.3); one that
    /// comes the right way round is quicker. A ring without area adds nothing; the answer says whether it
    /// was added, so that the caller can leave out the holes of an exterior that was not.
    pub fn add_ring<I>(&mut self, points: I, exterior: bool) -> bool
    where
        I: IntoIterator<Item = (i32, i32), IntoIter: Clone + DoubleEndedIterator + ExactSizeIterator>,
    {
        let mut points = points.into_iter();
        let first = points.clone().next();
        while points.len() > 1 && points.clone().next_back() == first {
            points.next_back();
        }
        let (from, cursor) = (self.bytes.len(), self.cursor);
        let area = self.path(points.clone(), true);
        if area != 0 && (area > 0) == exterior {
            return true;
        }
        self.bytes.truncate(from);
        self.cursor = cursor;
        area != 0 && self.path(points.rev(), true) != 0
    }

    /// Writes a path, and returns twice its area by the surveyor's formula, positive for exteriors in tile
    /// coordinates. Points that repeat the one before are left out; a path of one point adds nothing. A closed one
    /// does not end where it begins.
    fn path(&mut self, mut points: impl ExactSizeIterator<Item = (i32, i32)>, closed: bool) -> i64 {
        let (from, most) = (self.bytes.len(), points.len());
        let Some(first) = points.next() else { return 0 };
        // Room for the longest numbers there could be: then nothing has to grow in between.
        self.bytes.resize(from + (3 + 2 * most) * LONGEST, 0);
        let out = &mut self.bytes[from..];
        let mut end = put(out, 0, MOVE_TO | 1 << 3);
        end = put_step(out, end, self.cursor, first);
        // Here stands how many points follow: all of them, unless some repeat.
        let head = end;
        let line_to = |count: usize| LINE_TO | (count as u32) << 3;
        let width = varint::len(u64::from(line_to(most - 1)));
        end += width;
        let body = end;
        let (mut last, mut left_out, mut area) = (first, 0, 0);
        for p in points {
            if p == last {
                left_out += 1;
                continue;
            }
            end = put_step(out, end, last, p);
            area += cross(last, p);
            last = p;
        }
        if closed {
            area += cross(last, first);
        }
        let count = most - 1 - left_out;
        if count == 0 {
            self.bytes.truncate(from);
            return 0;
        }
        let found = varint::len(u64::from(line_to(count)));
        if found != width {
            out.copy_within(body..end, head + found);
            end = end - width + found;
        }
        put(out, head, line_to(count));
        if closed {
            end = put(out, end, CLOSE_PATH | 1 << 3);
        }
        self.bytes.truncate(from + end);
        self.cursor = last;
        area
    }
}

/// Writes how to get from one point to another.
#[inline]
fn put_step(out: &mut [u8], at: usize, a: (i32, i32), b: (i32, i32)) -> usize {
    let (x, y) = (zigzag32(b.0.wrapping_sub(a.0)), zigzag32(b.1.wrapping_sub(a.1)));
    // Most steps are short both ways.
    if (x | y) < 0x80 {
        let two = &mut out[at..at + 2];
        two[0] = x as u8;
        two[1] = y as u8;
        return at + 2;
    }
    put_long_step(out, at, x, y)
}

/// Apart, so that the other is short enough to stand where it is called.
#[inline(never)]
fn put_long_step(out: &mut [u8], at: usize, x: u32, y: u32) -> usize {
    let at = put(out, at, x);
    put(out, at, y)
}

#[inline]
fn cross(a: (i32, i32), b: (i32, i32)) -> i64 {
    i64::from(a.0) * i64::from(b.1) - i64::from(b.0) * i64::from(a.1)
}

fn zigzag32(v: i32) -> u32 {
    ((v << 1) ^ (v >> 31)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exteriors_are_positive_and_holes_negative_whatever_comes_in() {
        for reverse in [false, true] {
            let mut ring = vec![(0, 0), (10, 0), (10, 10), (0, 10)];
            if reverse {
                ring.reverse();
            }
            for exterior in [false, true] {
                let mut geometry = Geometry::polygons();
                geometry.add_ring(ring.clone(), exterior);
                let (mut x, mut y, mut drawn) = (0, 0, Vec::new());
                // One byte each: 9 = MoveTo × 1, 26 = LineTo × 3, 15 = ClosePath.
                let commands = geometry.packed();
                assert_eq!((commands.len(), commands[0], commands[3], commands[10]), (11, 9, 26, 15));
                for pair in [&commands[1..3], &commands[4..10]].concat().chunks(2) {
                    let unzig = |v: u8| i32::from(v >> 1) ^ -i32::from(v & 1);
                    (x, y) = (x + unzig(pair[0]), y + unzig(pair[1]));
                    drawn.push((x, y));
                }
                let around = drawn.iter().zip(drawn.iter().cycle().skip(1));
                let area: i64 = around.map(|(&a, &b)| cross(a, b)).sum();
                assert_eq!(area, if exterior { 200 } else { -200 });
            }
        }
    }

    #[test]
    fn points_that_repeat_are_left_out() {
        // With and without repeated points, and around where the count takes a byte more.
        for corners in [3, 14, 15, 16, 17, 40] {
            let ring: Vec<(i32, i32)> = (0..corners).map(|i| (100 * i, i * i)).collect();
            let mut plain = Geometry::polygons();
            assert!(plain.add_ring(ring.clone(), true));
            let twice: Vec<_> = ring.iter().flat_map(|&p| [p, p]).chain([ring[0], ring[0]]).collect();
            let mut repeated = Geometry::polygons();
            assert!(repeated.add_ring(twice.clone(), true));
            // The other way round it begins elsewhere, but is as long and ends up as an exterior too.
            let mut turned = Geometry::polygons();
            assert!(turned.add_ring(ring.iter().rev().copied().collect::<Vec<_>>(), true));
            assert_eq!(plain.packed(), repeated.packed(), "{corners}");
            assert_eq!(plain.packed(), turned.packed(), "{corners}");
            let (mut line, mut same) = (Geometry::lines(), Geometry::lines());
            line.add_line(ring.clone());
            same.add_line(ring.iter().flat_map(|&p| [p, p]).collect::<Vec<_>>());
            assert_eq!((line.packed(), line.cursor), (same.packed(), same.cursor), "{corners}");
        }
        // Nothing is left of what was not added, also for what follows.
        let mut geometry = Geometry::polygons();
        for bad in [
            vec![],
            vec![(5, 5)],
            vec![(5, 5), (5, 5)],
            vec![(0, 0), (9, 9), (0, 0)],
            vec![(1, 1), (2, 2), (3, 3)],
        ] {
            assert!(!geometry.add_ring(bad, true));
        }
        assert!(geometry.is_empty());
        geometry.add_ring([(0, 0), (10, 0), (10, 10)], true);
        let mut alone = Geometry::polygons();
        alone.add_ring([(0, 0), (10, 0), (10, 10)], true);
        assert_eq!(geometry.packed(), alone.packed());
    }
}
