//! How many incidents were reported in each hour, day or week.

use super::{Budget, IncidentFilter, QueryError, Where, rows};
use crate::Reader;
use jiff::{
    Timestamp,
    tz::{self, Offset},
};
use std::collections::BTreeMap;

/// The clocks that hours, days and weeks go by if none are named: China's.
pub const ZONE: Offset = tz::offset(8);

/// The most buckets of a series: more than a year of hours.
pub const MOST_BUCKETS: usize = 10_000;

/// How long a bucket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Interval {
    /// From minute 0.
    Hour,
    /// From midnight.
    Day,
    /// From Monday's midnight (ISO 8601).
    Week,
}

impl Interval {
    /// The word of the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
        }
    }

    const fn seconds(self) -> i64 {
        match self {
            Self::Hour => 3600,
            Self::Day => 86_400,
            Self::Week => 7 * 86_400,
        }
    }

    /// The number of the bucket of a moment by the clocks of a zone.
    pub(super) fn bucket(self, at: Timestamp, zone: Offset) -> i64 {
        // Down also before 1970, and with a fraction.
        let second = at.as_nanosecond().div_euclid(1_000_000_000) as i64;
        (second + i64::from(zone.seconds()) + self.shift()).div_euclid(self.seconds())
    }

    /// When a bucket begins.
    pub(super) fn start(self, bucket: i64, zone: Offset) -> Timestamp {
        let second = bucket * self.seconds() - self.shift() - i64::from(zone.seconds());
        // Only the bucket of the first moment of time begins before it.
        Timestamp::from_second(second).unwrap_or(Timestamp::MIN)
    }

    /// 1970 began on a Thursday, three days into a week.
    const fn shift(self) -> i64 {
        if let Self::Week = self { 3 * 86_400 } else { 0 }
    }
}

/// One hour, day or week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// When it begins.
    pub start: Timestamp,
    /// Incidents reported in it.
    pub incidents: u64,
    /// Of those, on which somebody still has to act.
    pub open: u64,
}

/// Incidents over time.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Series {
    /// From the first to the last without a gap: of the time range asked for, or where that is open, of
    /// what was found.
    pub buckets: Vec<Bucket>,
    /// Incidents of which it is not known when they were reported.
    pub undated: u64,
}

impl Reader<'_> {
    /// The incidents there that the filter wants, over time.
    ///
    /// # Errors
    /// When there are more than [`MOST_BUCKETS`] from the first to the last, or the budget is spent.
    pub fn series(
        &self,
        place: &Where,
        filter: &IncidentFilter,
        interval: Interval,
        zone: Offset,
        budget: &Budget<'_>,
    ) -> Result<Series, QueryError> {
        let mut counts: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
        let mut undated = 0;
        rows::live(self.incidents(), place, filter, budget, |incident| match incident.row.reported_at {
            None => undated += 1,
            Some(at) => {
                let bucket = counts.entry(interval.bucket(at, zone)).or_default();
                bucket.0 += 1;
                bucket.1 += u64::from(incident.row.state.is_open());
            }
        })?;
        let found = |edge: Option<(&i64, &(u64, u64))>| edge.map(|e| *e.0);
        let asked = |at: Option<Timestamp>| at.map(|t| interval.bucket(t, zone));
        let first = asked(filter.time.from).or(found(counts.first_key_value()));
        let last = asked(filter.time.to).or(found(counts.last_key_value()));
        let (Some(first), Some(last)) = (first, last) else {
            return Ok(Series { buckets: Vec::new(), undated });
        };
        if last - first >= MOST_BUCKETS as i64 {
            return Err(QueryError::TooMany { what: "buckets", most: MOST_BUCKETS });
        }
        let bucket = |n: i64| {
            let (incidents, open) = counts.get(&n).copied().unwrap_or_default();
            Bucket { start: interval.start(n, zone), incidents, open }
        };
        Ok(Series { buckets: (first..=last).map(bucket).collect(), undated })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(at: &str, interval: Interval) -> String {
        let at: Timestamp = at.parse().unwrap();
        interval.start(interval.bucket(at, ZONE), ZONE).to_string()
    }

    #[test]
    fn days_and_weeks_begin_at_midnight_in_china() {
        // 00:30 on Monday the 5th of January 2026.
        assert_eq!(start("2026-01-04T16:30:00Z", Interval::Day), "2026-01-04T16:00:00Z");
        assert_eq!(start("2026-01-04T16:30:00Z", Interval::Week), "2026-01-04T16:00:00Z");
        // Half an hour after midnight of the Monday is the same week as Sunday night six days later.
        assert_eq!(start("2026-01-11T15:59:59.999Z", Interval::Week), "2026-01-04T16:00:00Z");
        assert_eq!(start("2026-01-04T15:59:59Z", Interval::Week), "2025-12-28T16:00:00Z");
        assert_eq!(start("2026-01-04T16:59:59Z", Interval::Hour), "2026-01-04T16:00:00Z");
    }

    #[test]
    fn times_before_1970_are_rounded_down_too() {
        assert_eq!(start("1969-12-31T23:59:59.5Z", Interval::Hour), "1969-12-31T23:00:00Z");
    }
}
