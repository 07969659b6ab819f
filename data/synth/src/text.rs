//! Numbers, coordinates and times as text, appended to a byte buffer: the hot path of writing.

use gridbeat_onemap::E7;

/// Appends a whole number.
pub fn digits(out: &mut Vec<u8>, n: u64) {
    let mut text = [0u8; 20];
    let mut at = text.len();
    let mut n = n;
    loop {
        at -= 1;
        text[at] = b'0' + (n % 10) as u8;
        n /= 10;
        if n == 0 {
            break;
        }
    }
    out.extend_from_slice(&text[at..]);
}

/// Appends a whole number with zeros in front, `width` digits wide.
pub fn padded(out: &mut Vec<u8>, n: u64, width: usize) {
    let start = out.len();
    out.resize(start + width, b'0');
    let mut n = n;
    for i in (start..start + width).rev() {
        out[i] = b'0' + (n % 10) as u8;
        n /= 10;
    }
}

/// Appends a coordinate in lattice units as degrees with exactly seven decimals, so that reading it
/// back gives the same unit.
pub fn degrees(out: &mut Vec<u8>, units: i32) {
    if units < 0 {
        out.push(b'-');
    }
    let units = u64::from(units.unsigned_abs());
    digits(out, units / 10_000_000);
    out.push(b'.');
    padded(out, units % 10_000_000, 7);
}

/// Appends `lon,lat`.
pub fn position(out: &mut Vec<u8>, at: E7) {
    degrees(out, at.lon);
    out.push(b',');
    degrees(out, at.lat);
}

/// A moment: seconds since 1970-01-01 00:00 in China's civil time (UTC+8, no daylight saving).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub i64);

impl Moment {
    /// Year, month, day.
    ///
    /// After Howard Hinnant, “chrono-compatible low-level date algorithms” (civil_from_days).
    pub fn date(self) -> (i64, u64, u64) {
        let z = self.0.div_euclid(86_400) + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        (yoe + era * 400 + i64::from(month <= 2), month as u64, (doy - (153 * mp + 2) / 5 + 1) as u64)
    }

    /// 0 for Monday … 6 for Sunday.
    pub fn weekday(self) -> usize {
        // 1970-01-01 was a Thursday.
        (self.0.div_euclid(86_400) + 3).rem_euclid(7) as usize
    }

    /// Appends `2026-06-30T17:05:09+08:00`.
    pub fn rfc3339(self, out: &mut Vec<u8>) {
        let (year, month, day) = self.date();
        let second = self.0.rem_euclid(86_400) as u64;
        let parts = [
            (year as u64, 4),
            (month, 2),
            (day, 2),
            (second / 3_600, 2),
            (second / 60 % 60, 2),
            (second % 60, 2),
        ];
        for ((n, width), after) in parts.into_iter().zip(["-", "-", "T", ":", ":", "+08:00"]) {
            padded(out, n, width);
            out.extend_from_slice(after.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(f: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        f(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn coordinates_have_seven_decimals() {
        assert_eq!(text(|o| degrees(o, 1_203_000_001)), "120.3000001");
        assert_eq!(text(|o| degrees(o, -5)), "-0.0000005");
        for units in [1_203_456_789, 315_700_003, 1, -1_799_999_999] {
            let back: f64 = text(|o| degrees(o, units)).parse().unwrap();
            assert_eq!((back * 1e7).round() as i32, units);
        }
    }

    #[test]
    fn moments_are_dates() {
        // 2026-07-01 08:30:05 in China.
        let m = Moment(20_635 * 86_400 + 8 * 3_600 + 30 * 60 + 5);
        assert_eq!(text(|o| m.rfc3339(o)), "2026-07-01T08:30:05+08:00");
        assert_eq!(m.weekday(), 2);
        assert_eq!(Moment(0).date(), (1970, 1, 1));
        assert_eq!(Moment(951_782_400).date(), (2000, 2, 29));
    }
}
