//! Times as files write them → instants.
//!
//! A time with a zone stands for itself. One without takes the zone the user names. `01/02/2017` is in
//! January or in February: that is decided over the whole column (a 13 in one place settles it), never row
//! by row.

use jiff::{Timestamp, civil, tz::TimeZone};

/// Which number of `a/b/2017` is the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    MonthFirst,
    DayFirst,
}

/// How to read a column's times.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clock {
    pub tz: Option<TimeZone>,
    pub order: Option<Order>,
}

/// A time as written, before its zone and order are settled.
#[derive(Clone, Debug, PartialEq)]
enum Written {
    /// It said its zone.
    Instant(Timestamp),
    /// Year first, no zone.
    Local(civil::DateTime),
    /// `a/b/year`, no zone: the two numbers, the year, the time of day.
    Slashed(i8, i8, i16, civil::Time),
}

impl Clock {
    /// Reads a time.
    ///
    /// # Errors
    /// A sentence with what was found and what was expected.
    pub fn read(&self, text: &str) -> Result<Timestamp, String> {
        let local = match written(text).ok_or_else(|| unreadable(text))? {
            Written::Instant(t) => return Ok(t),
            Written::Local(d) => d,
            Written::Slashed(a, b, year, time) => {
                let (month, day) = match self.order {
                    Some(Order::MonthFirst) => (a, b),
                    Some(Order::DayFirst) => (b, a),
                    None => {
                        return Err(format!(
                            "“{text}”: whether the day or the month comes first is not settled"
                        ));
                    }
                };
                let date = civil::Date::new(year, month, day).map_err(|_| unreadable(text))?;
                date.to_datetime(time)
            }
        };
        let tz = self.tz.as_ref().ok_or_else(|| format!("“{text}” states no zone; pass --tz"))?;
        local.to_zoned(tz.clone()).map(|z| z.timestamp()).map_err(|_| unreadable(text))
    }
}

fn unreadable(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    format!("“{short}” is no time; expected such as 2026-07-01T08:30:00+08:00 or 2026-07-01 08:30:00")
}

/// What the whole column looks like.
#[derive(Clone, Debug, Default)]
pub(crate) struct Survey {
    zoneless: Option<(u64, String)>,
    slashed: Option<(u64, String)>,
    /// A first number above 12: the day comes first.
    day_first: Option<u64>,
    /// A second number above 12: the month comes first.
    month_first: Option<u64>,
}

impl Survey {
    /// Takes one more time into account.
    pub fn add(&mut self, row: u64, text: &str) {
        match written(text) {
            None | Some(Written::Instant(_)) => {}
            Some(Written::Local(_)) => {
                self.zoneless.get_or_insert_with(|| (row, text.to_owned()));
            }
            Some(Written::Slashed(a, b, ..)) => {
                self.zoneless.get_or_insert_with(|| (row, text.to_owned()));
                if a != b {
                    self.slashed.get_or_insert_with(|| (row, text.to_owned()));
                }
                if a > 12 {
                    self.day_first.get_or_insert(row);
                }
                if b > 12 {
                    self.month_first.get_or_insert(row);
                }
            }
        }
    }

    /// The column's clock, and a sentence about the order if one had to be decided.
    ///
    /// # Errors
    /// When a zone is needed and none is given, or the order cannot be told.
    pub fn settle(self, column: &str, tz: Option<&TimeZone>) -> Result<(Clock, Option<String>), String> {
        if let (Some((row, text)), None) = (&self.zoneless, tz) {
            return Err(format!(
                "the times in column “{column}” state no zone (row {row}: “{text}”); pass --tz, such as --tz +08:00"
            ));
        }
        let (order, told) = match (self.slashed, self.day_first, self.month_first) {
            (None, ..) => (Some(Order::MonthFirst), None), // nothing but 3/3/2017, if anything
            (Some(_), Some(d), Some(m)) => {
                return Err(format!(
                    "the dates in column “{column}” mix two orders: the day comes first in row {d}, the month in row {m}; write them as YYYY-MM-DD"
                ));
            }
            (Some(_), Some(r), None) => (
                Some(Order::DayFirst),
                Some(format!("dates in “{column}” are day/month/year (row {r} settles it)")),
            ),
            (Some(_), None, Some(r)) => (
                Some(Order::MonthFirst),
                Some(format!("dates in “{column}” are month/day/year (row {r} settles it)")),
            ),
            (Some((row, text)), None, None) => {
                return Err(format!(
                    "the dates in column “{column}” may be day/month or month/day (row {row}: “{text}”, and no row settles it); write them as YYYY-MM-DD"
                ));
            }
        };
        Ok((Clock { tz: tz.cloned(), order }, told))
    }
}

/// Whether a text is a time, and if so, whether it is a whole day: `2026-07-01` is, `2026-07-01 08:30` is not.
/// Digits alone may be anything.
pub(crate) fn is_day(text: &str) -> Option<bool> {
    let text = text.trim();
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    written(text)?;
    let after = |mark: &str| text.split_once(mark).is_some_and(|(_, rest)| !rest.trim().is_empty());
    Some(!["T", "t", " ", "日"].iter().any(|mark| after(mark)))
}

impl Clock {
    /// Reads a day.
    ///
    /// # Errors
    /// A sentence with what was found and what was expected.
    pub fn day(&self, text: &str) -> Result<civil::Date, String> {
        let odd = || {
            let short: String = text.chars().take(40).collect();
            format!("“{short}” is no day; expected such as 2026-07-01")
        };
        if is_day(text) == Some(false) {
            return Err(odd());
        }
        match written(text).ok_or_else(odd)? {
            Written::Local(d) => Ok(d.date()),
            Written::Slashed(a, b, year, _) => {
                let (month, day) = if self.order == Some(Order::DayFirst) { (b, a) } else { (a, b) };
                civil::Date::new(year, month, day).map_err(|_| odd())
            }
            Written::Instant(_) => Err(odd()),
        }
    }
}

/// Takes a time apart.
fn written(text: &str) -> Option<Written> {
    let text = text.trim();
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return digits(text);
    }
    let chinese;
    let text = if text.contains('年') {
        chinese = text
            .replace(['年', '月'], "-")
            .replace('日', " ")
            .replace(['时', '点', '分'], ":")
            .replace('秒', "");
        chinese.trim().trim_end_matches(':')
    } else {
        text
    };
    let cut = text.find(['T', 't', ' ']).unwrap_or(text.len());
    let (date, rest) = (&text[..cut], text[cut..].trim_start_matches(['T', 't', ' ']));
    let sep = if date.contains('/') {
        '/'
    } else if date.contains('-') {
        '-'
    } else {
        '.'
    };
    let mut parts = date.split(sep);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let number = |s: &str| -> Option<i16> { s.bytes().all(|x| x.is_ascii_digit()).then(|| s.parse().ok())? };
    let (time, zone) = time_of_day(rest)?;
    if a.len() == 4 {
        let month = i8::try_from(number(b)?).ok()?;
        let day = i8::try_from(number(c)?).ok()?;
        let at = civil::Date::new(number(a)?, month, day).ok()?.to_datetime(time);
        return Some(match zone {
            Some(offset) => Written::Instant(offset.to_timestamp(at).ok()?),
            None => Written::Local(at),
        });
    }
    if c.len() == 4 && zone.is_none() && a.len() <= 2 && b.len() <= 2 {
        let (a, b) = (i8::try_from(number(a)?).ok()?, i8::try_from(number(b)?).ok()?);
        let plausible = a >= 1 && b >= 1 && a <= 31 && b <= 31 && (a <= 12 || b <= 12);
        return plausible.then_some(Written::Slashed(a, b, number(c)?, time));
    }
    None
}

/// `20260701`, `20260701083000`, seconds or milliseconds since 1970.
fn digits(s: &str) -> Option<Written> {
    let n = |a: usize, b: usize| s[a..b].parse::<i16>().ok();
    let small = |a: usize, b: usize| s[a..b].parse::<i8>().ok();
    match s.len() {
        8 | 12 | 14 => {
            let date = civil::Date::new(n(0, 4)?, small(4, 6)?, small(6, 8)?).ok()?;
            let time = match s.len() {
                8 => civil::Time::midnight(),
                12 => civil::Time::new(small(8, 10)?, small(10, 12)?, 0, 0).ok()?,
                _ => civil::Time::new(small(8, 10)?, small(10, 12)?, small(12, 14)?, 0).ok()?,
            };
            Some(Written::Local(date.to_datetime(time)))
        }
        10 => Timestamp::from_second(s.parse().ok()?).ok().map(Written::Instant),
        13 => Timestamp::from_millisecond(s.parse().ok()?).ok().map(Written::Instant),
        _ => None,
    }
}

/// `08:30`, `8:30:15.25`, `11:59:00 PM`, `08:30:00+08:00`, `…Z`; nothing is midnight.
fn time_of_day(s: &str) -> Option<(civil::Time, Option<jiff::tz::Offset>)> {
    if s.is_empty() {
        return Some((civil::Time::midnight(), None));
    }
    let end = s.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(s.len());
    let (clock, tail) = (&s[..end], s[end..].trim());
    let mut parts = clock.split(':');
    let mut hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    let (second, nano) = match parts.next() {
        None => (0, 0),
        Some(s) => {
            let (whole, fraction) = s.split_once('.').unwrap_or((s, ""));
            let nano = format!("{:0<9}", fraction.chars().take(9).collect::<String>()).parse::<i32>().ok()?;
            (whole.parse::<i8>().ok()?, nano)
        }
    };
    if parts.next().is_some() {
        return None;
    }
    let (half, zone) = match tail.get(..2) {
        Some(h) if h.eq_ignore_ascii_case("am") || h.eq_ignore_ascii_case("pm") => {
            (Some(h), tail[2..].trim())
        }
        _ => (None, tail),
    };
    if let Some(half) = half {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + if half.eq_ignore_ascii_case("pm") { 12 } else { 0 };
    }
    // A leap second counts as the second before it.
    let time = civil::Time::new(hour, minute, second.min(59), nano).ok()?;
    let offset = match zone {
        "" => None,
        "Z" | "z" | "UTC" | "GMT" => Some(jiff::tz::Offset::UTC),
        z => Some(offset(z)?),
    };
    Some((time, offset))
}

/// `+08:00`, `+0800`, `-06`.
fn offset(s: &str) -> Option<jiff::tz::Offset> {
    let sign = match s.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = s[1..].chars().filter(|c| *c != ':').collect();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (h, m) = match digits.len() {
        2 => (digits.parse::<i32>().ok()?, 0),
        4 => (digits[..2].parse().ok()?, digits[2..].parse().ok()?),
        _ => return None,
    };
    jiff::tz::Offset::from_seconds(sign * (h * 3600 + m * 60)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(order: Option<Order>) -> Clock {
        Clock { tz: Some(TimeZone::fixed(jiff::tz::offset(8))), order }
    }

    #[test]
    fn the_forms_that_files_use() {
        let c = clock(Some(Order::MonthFirst));
        for (text, expected) in [
            ("2026-07-01T08:30:00+08:00", "2026-07-01T00:30:00Z"),
            ("2026-07-01T08:30:00Z", "2026-07-01T08:30:00Z"),
            ("2026-07-01 08:30:00 +0800", "2026-07-01T00:30:00Z"),
            ("2026-07-01 08:30", "2026-07-01T00:30:00Z"),
            ("2026/7/1 8:30:15", "2026-07-01T00:30:15Z"),
            ("2026-07-01", "2026-06-30T16:00:00Z"),
            ("2026年7月1日8时30分", "2026-07-01T00:30:00Z"),
            ("7/1/2026 08:30:00 PM", "2026-07-01T12:30:00Z"),
            ("7/19/2017 13:45", "2017-07-19T05:45:00Z"),
            ("12/31/2017 12:05:00 AM", "2017-12-30T16:05:00Z"),
            ("20260701083000", "2026-07-01T00:30:00Z"),
            ("1751329800000", "2025-07-01T00:30:00Z"),
            ("1949-10-01 15:00", "1949-10-01T07:00:00Z"),
            ("2026-07-01 08:30:00.250", "2026-07-01T00:30:00.25Z"),
        ] {
            assert_eq!(c.read(text).map(|t| t.to_string()), Ok(expected.to_owned()), "{text}");
        }
        assert_eq!(
            clock(Some(Order::DayFirst)).read("02/01/2017").unwrap().to_string(),
            "2017-01-01T16:00:00Z"
        );
        for bad in [
            "",
            "soon",
            "2026-13-01",
            "2026-02-30",
            "25:00",
            "2026-07-01 25:00",
            "1/2/3",
            "99/99/2017",
            "13:00 PM",
        ] {
            assert!(c.read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn days_are_told_from_times() {
        for (text, day) in [
            ("2026-07-01", Some(true)),
            ("2026/7/1", Some(true)),
            ("2026年7月1日", Some(true)),
            ("2026年7月1日 8:30", Some(false)),
            ("2026-07-01 08:30", Some(false)),
            ("2026-07-01T08:30:00Z", Some(false)),
            ("13/7/2026", Some(true)),
            ("20260701", None),
            ("v1.2.3", None),
            ("86-510-85021234", None),
        ] {
            assert_eq!(is_day(text), day, "{text}");
        }
        let day = |text: &str| clock(Some(Order::DayFirst)).day(text).map(|d| d.to_string());
        assert_eq!(day("2/1/2017").as_deref(), Ok("2017-01-02"));
        assert_eq!(day("2026年7月1日").as_deref(), Ok("2026-07-01"));
        assert!(day("2026-07-01 08:30").is_err() && day("soon").is_err());
    }

    #[test]
    fn the_order_is_decided_over_the_column() {
        let tz = TimeZone::UTC;
        let settle = |texts: &[&str]| {
            let mut s = Survey::default();
            for (i, t) in texts.iter().enumerate() {
                s.add(i as u64 + 1, t);
            }
            s.settle("date", Some(&tz)).map(|(c, told)| (c.order, told))
        };
        let (order, told) = settle(&["1/2/2017", "7/19/2017"]).unwrap();
        assert_eq!(order, Some(Order::MonthFirst));
        assert!(told.unwrap().contains("row 2"));
        assert_eq!(settle(&["1/2/2017", "19/7/2017"]).unwrap().0, Some(Order::DayFirst));
        assert!(settle(&["1/2/2017", "3/4/2017"]).unwrap_err().contains("YYYY-MM-DD"));
        assert!(settle(&["1/20/2017", "20/1/2017"]).unwrap_err().contains("mix"));
        assert!(settle(&["3/3/2017"]).is_ok());
    }

    #[test]
    fn a_zone_is_asked_for() {
        let mut s = Survey::default();
        s.add(1, "2017-01-01T00:00:00Z");
        assert!(s.clone().settle("t", None).is_ok());
        s.add(2, "2017-01-01 00:00");
        let e = s.settle("t", None).unwrap_err();
        assert!(e.contains("--tz") && e.contains("row 2"), "{e}");
    }
}
