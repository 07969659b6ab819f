//! What a column holds, decided over all of its values.
//!
//! Where the file states a column's kind, that stands. Else the narrowest kind that every value fits, in this
//! order: boolean (`true`, `false`), integer, number, date, timestamp; else text. What is written as numbers
//! are not is text: a code with a leading zero, a telephone number with `+`, digits beyond what a number holds
//! exactly. JSON says itself whether `"7"` is text. Null fits every kind; the empty text is text, but in
//! CSV, where quotes may stand around every cell, it fits every kind and is null where the kind is not text.

use crate::{
    IngestError, Note,
    read::table::Typing,
    time::{self, Clock},
};
use gridbeat_onemap::department::ColumnKind;
use jiff::tz::TimeZone;

/// Beyond this whole numbers are no longer all told apart by those who read JSON (2⁵³).
const EXACT: i64 = 1 << 53;

/// What one column looks like so far.
#[derive(Debug, Default)]
pub(super) struct Survey {
    values: u64,
    boolean: Fit,
    integer: Fit,
    number: Fit,
    time: Fit,
    day: Fit,
    times: time::Survey,
}

/// Whether all values fit a kind: the first that does not.
#[derive(Debug, Default)]
struct Fit(Option<(u64, String)>);

impl Fit {
    fn note(&mut self, fits: bool, row: u64, text: &str) {
        if !fits && self.0.is_none() {
            self.0 = Some((row, text.chars().take(40).collect()));
        }
    }

    fn is_full(&self) -> bool {
        self.0.is_none()
    }
}

/// What was decided of a column.
#[derive(Debug)]
pub(super) struct Settled {
    pub kind: ColumnKind,
    /// How its times are read.
    pub clock: Clock,
    pub note: Option<Note>,
}

/// Why nothing could be decided.
#[derive(Debug)]
pub(super) enum Unsettled {
    Time(String),
    Column(String),
}

impl Unsettled {
    pub fn into_error(self, file: &str) -> IngestError {
        match self {
            Self::Time(what) => IngestError::time(file, what),
            Self::Column(what) => IngestError::mapping(file, what),
        }
    }
}

impl Survey {
    /// Takes a value into account: `is_text` when the file says that it is text.
    pub fn add(&mut self, row: u64, text: &str, is_text: bool, blank_fits_all: bool) {
        let value = text.trim();
        if value.is_empty() && blank_fits_all {
            return;
        }
        self.values += 1;
        self.boolean.note(!is_text && boolean(value).is_some(), row, text);
        self.integer.note(!is_text && integer(value).is_some(), row, text);
        self.number.note(!is_text && number(value).is_some(), row, text);
        if self.time.is_full() {
            let is_day = time::is_day(value);
            self.time.note(is_day.is_some(), row, text);
            self.day.note(is_day == Some(true), row, text);
            self.times.add(row, value);
        }
    }

    /// Decides. `there` is what the layer's column of that name holds already.
    ///
    /// # Errors
    /// When values do not fit what is there, times state no zone, or the order of day and month cannot be told.
    pub fn settle(
        self,
        title: &str,
        typing: Typing,
        there: Option<ColumnKind>,
        tz: Option<&TimeZone>,
    ) -> Result<Settled, Unsettled> {
        let stated = match typing {
            Typing::Stated(kind) => Some(kind),
            Typing::Open | Typing::Bytes => None,
        };
        let kind = match (there, stated) {
            (Some(there), _) => {
                self.fits(there, title)?;
                there
            }
            // FlatGeobuf knows instants only; days are written into such columns too.
            (None, Some(ColumnKind::Timestamp))
                if self.values > 0 && self.time.is_full() && self.day.is_full() =>
            {
                ColumnKind::Date
            }
            (None, Some(kind)) => kind,
            (None, None) => self.narrowest(),
        };
        let empty = (self.values == 0 && there.is_none() && stated.is_none())
            .then(|| Note::info(format!("the column “{title}” holds nothing: taken for text")));
        let settled = match kind {
            // A day needs no zone.
            ColumnKind::Date => Some(self.times.settle(title, Some(&TimeZone::UTC))),
            ColumnKind::Timestamp => Some(self.times.settle(title, tz)),
            _ => None,
        };
        let (clock, told) = settled.transpose().map_err(Unsettled::Time)?.unwrap_or_default();
        Ok(Settled { kind, clock, note: told.map(Note::info).or(empty) })
    }

    fn narrowest(&self) -> ColumnKind {
        let fits = [
            (&self.boolean, ColumnKind::Boolean),
            (&self.integer, ColumnKind::Integer),
            (&self.number, ColumnKind::Number),
            (&self.time, if self.day.is_full() { ColumnKind::Date } else { ColumnKind::Timestamp }),
        ];
        if self.values == 0 {
            return ColumnKind::Text;
        }
        fits.into_iter().find(|(fit, _)| fit.is_full()).map_or(ColumnKind::Text, |(_, kind)| kind)
    }

    /// Whether all values can be taken for a kind.
    fn fits(&self, kind: ColumnKind, title: &str) -> Result<(), Unsettled> {
        let fit = match kind {
            ColumnKind::Text => return Ok(()),
            ColumnKind::Boolean => &self.boolean,
            ColumnKind::Integer => &self.integer,
            ColumnKind::Number => &self.number,
            // The first value that is no time is no day either.
            ColumnKind::Date if self.time.is_full() => &self.day,
            ColumnKind::Date | ColumnKind::Timestamp => &self.time,
        };
        match &fit.0 {
            None => Ok(()),
            Some((row, text)) => Err(Unsettled::Column(format!(
                "the column “{title}” is {kind} in the layer, but row {row} has “{text}”; expected {kind} values, \
                 or --replace"
            ))),
        }
    }
}

/// `true`, `FALSE`.
pub(super) fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        return Some(true);
    }
    text.eq_ignore_ascii_case("false").then_some(false)
}

/// A whole number as people write them: `-12`, `0`, not `007` or `+86`.
pub(super) fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'));
    let n: i64 = if plain { text.parse().ok()? } else { return None };
    (-EXACT..=EXACT).contains(&n).then_some(n)
}

/// A number: `-0.5`, `1e3`, `12`, not `00.5`, `.5` or `NaN`. Digits that would be lost make it text.
pub(super) fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let whole = digits.split(['.', 'e', 'E']).next().unwrap_or_default();
    if !digits.contains(['.', 'e', 'E']) {
        return integer(text).map(|n| n as f64);
    }
    let plain = whole.bytes().all(|b| b.is_ascii_digit())
        && (whole == "0" || !(whole.is_empty() || whole.starts_with('0')));
    let n: f64 = if plain { text.parse().ok()? } else { return None };
    n.is_finite().then_some(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(values: &[&str], typing: Typing) -> Result<ColumnKind, String> {
        let mut survey = Survey::default();
        for (row, text) in (1..).zip(values) {
            survey.add(row, text, false, true);
        }
        let tz = TimeZone::fixed(jiff::tz::offset(8));
        survey.settle("c", typing, None, Some(&tz)).map(|s| s.kind).map_err(|e| format!("{e:?}"))
    }

    #[test]
    fn the_narrowest_kind_that_all_values_fit() {
        use ColumnKind::{Boolean, Date, Integer, Number, Text, Timestamp};
        for (values, kind) in [
            (&["1", "-20", ""][..], Integer),
            (&["1", "2.5"], Number),
            (&["1e3", "7"], Number),
            (&["1", "a"], Text),
            (&["007", "8"], Text),
            (&["+8651085021234"], Text),
            (&["320213199001011234"], Text),
            (&["NaN"], Text),
            (&["TRUE", "false"], Boolean),
            (&["true", "1"], Text),
            (&["2026-07-01", "2026/7/2"], Date),
            (&["2026-07-01", "2026-07-01 08:30"], Timestamp),
            (&["2026-07-01T00:00:00Z"], Timestamp),
            (&["2026-07-01", "soon"], Text),
            (&["20260701"], Integer),
            (&["", "  "], Text),
            (&[], Text),
        ] {
            assert_eq!(settled(values, Typing::Open), Ok(kind), "{values:?}");
        }
        assert_eq!(settled(&["1", "2"], Typing::Stated(Text)), Ok(Text));
        assert_eq!(settled(&["2026-07-01"], Typing::Stated(Timestamp)), Ok(Date));
        assert_eq!(settled(&["soon"], Typing::Stated(Timestamp)), Ok(Timestamp));
        assert!(settled(&["1/2/2017", "3/4/2017"], Typing::Open).unwrap_err().contains("YYYY-MM-DD"));
        assert_eq!(settled(&["1/2/2017", "13/4/2017"], Typing::Open), Ok(Date));
    }

    #[test]
    fn text_of_json_is_text_and_times_need_a_zone() {
        let mut survey = Survey::default();
        survey.add(1, "7", true, false);
        assert_eq!(survey.settle("c", Typing::Open, None, None).unwrap().kind, ColumnKind::Text);
        let mut survey = Survey::default();
        survey.add(1, "2026-07-01", true, false);
        assert_eq!(survey.settle("c", Typing::Open, None, None).unwrap().kind, ColumnKind::Date);
        let mut survey = Survey::default();
        survey.add(1, "2026-07-01", true, false);
        survey.add(2, "", true, false);
        assert_eq!(survey.settle("c", Typing::Open, None, None).unwrap().kind, ColumnKind::Text);
        let mut survey = Survey::default();
        survey.add(1, "2026-07-01 08:00", true, false);
        assert!(
            matches!(survey.settle("c", Typing::Open, None, None), Err(Unsettled::Time(e)) if e.contains("--tz"))
        );
    }

    #[test]
    fn what_is_there_says_what_must_come() {
        let with = |values: &[&str], there| {
            let mut survey = Survey::default();
            for (row, text) in (1..).zip(values) {
                survey.add(row, text, false, true);
            }
            survey.settle("床位", Typing::Open, Some(there), None).map(|s| s.kind)
        };
        assert_eq!(with(&["1", "2"], ColumnKind::Number).unwrap(), ColumnKind::Number);
        assert_eq!(with(&["1", "2"], ColumnKind::Text).unwrap(), ColumnKind::Text);
        assert_eq!(with(&[], ColumnKind::Boolean).unwrap(), ColumnKind::Boolean);
        match with(&["1", "2.5"], ColumnKind::Integer) {
            Err(Unsettled::Column(e)) => {
                assert!(e.contains("“床位” is integer") && e.contains("row 2 has “2.5”"), "{e}");
            }
            other => panic!("{other:?}"),
        }
        assert!(with(&["2026-01-01 00:00"], ColumnKind::Date).is_err());
    }
}
