//! The findings for reading: for each layer a table of what was found, then the worst of each kind
//! with its size, its areas and its place.

use super::Checked;
use gridbeat_onemap::coverage::{Finding, FindingKind, Severity};

/// The whole report. With `colour` it is marked up for a terminal.
pub(super) fn report(checked: &[Checked<'_>], worst: usize, colour: bool) -> String {
    let style = Style(colour);
    let mut out = String::new();
    for c in checked {
        let drawn = c.layer.areas().iter().filter(|a| a.drawn).count();
        let parents = c.layer.areas().len() - drawn;
        let head =
            format!("{}: {}, {}", c.layer.side().layer(), plural(drawn, "area"), plural(parents, "parent"));
        out += &format!("{}\n", style.bold(&head));
        let groups = groups(&c.findings);
        if groups.is_empty() {
            out += "  nothing found\n";
        }
        out += &table(&groups, &style);
        for group in &groups {
            out += &examples(c, group, worst, &style);
        }
        out.push('\n');
    }
    out + &summary(checked)
}

/// Findings of one severity and kind, in their order: largest first.
type Group<'a> = &'a [Finding];

fn groups(findings: &[Finding]) -> Vec<Group<'_>> {
    findings.chunk_by(|a, b| (a.severity, a.kind) == (b.severity, b.kind)).collect()
}

/// One line a group: how bad, what, how many, how much.
fn table(groups: &[Group<'_>], style: &Style) -> String {
    let lines = groups.iter().map(|group| {
        let first = &group[0]; // a group holds at least one, as `chunk_by` makes them
        let slivers = group.iter().filter(|f| f.sliver).count();
        let of_these = match slivers {
            0 => String::new(),
            _ if first.kind == FindingKind::Sliver => String::new(),
            n => format!("{} thin or tiny", count(n)),
        };
        [name(first.kind), count(group.len()), total(group), of_these]
    });
    let lines: Vec<[String; 4]> = lines.collect();
    let width = |k: usize| lines.iter().map(|l| l[k].chars().count()).max().unwrap_or(0);
    let [kind, number, size] = [width(0), width(1), width(2)];
    let mut out = String::new();
    for (group, [k, n, s, t]) in groups.iter().zip(&lines) {
        let severity = style.severity(group[0].severity);
        let line = format!("  {severity}  {k:<kind$}  {n:>number$}  {s:>size$}  {t}");
        out += line.trim_end();
        out.push('\n');
    }
    out
}

/// What all findings of a group come to.
fn total(group: Group<'_>) -> String {
    let sum = |of: fn(&Finding) -> f64| group.iter().map(of).sum::<f64>();
    let counted = |what: &str| plural(group.iter().map(|f| f.count).sum(), what);
    match group[0].kind {
        FindingKind::Crossing => counted("place"),
        FindingKind::UnmatchedVertex => vertices(group.iter().map(|f| f.count).sum()),
        FindingKind::UnmatchedEdge => metres(sum(|f| f.length_m)),
        FindingKind::MultiPart => counted("part"),
        FindingKind::DuplicateCode => counted("area"),
        _ if sum(|f| f.area_m2) > 0.0 => area(sum(|f| f.area_m2)),
        _ => String::new(),
    }
}

/// What the kind means, then its worst findings.
fn examples(checked: &Checked<'_>, group: Group<'_>, worst: usize, style: &Style) -> String {
    if worst == 0 {
        return String::new();
    }
    let first = &group[0];
    let rounding =
        if first.severity == first.kind.severity() { "" } else { ", no wider than rounding makes it" };
    let mut out = format!("\n  {}: {}{rounding}\n", style.bold(&name(first.kind)), meaning(first.kind));
    let rows: Vec<[String; 3]> =
        group.iter().take(worst).map(|f| [size(f), areas(&checked.codes(f)), place(f)]).collect();
    let width = |k: usize| rows.iter().map(|r| r[k].chars().count()).max().unwrap_or(0);
    let [s, a] = [width(0), width(1)];
    for [size, areas, place] in &rows {
        let line = format!("    {size:<s$}  {areas:<a$}  {place}");
        out += line.trim_end();
        out.push('\n');
    }
    let rest = group.len().saturating_sub(worst);
    if rest > 0 {
        out += &style.dim(&format!("    and {} more", count(rest)));
        out.push('\n');
    }
    out
}

fn summary(checked: &[Checked<'_>]) -> String {
    let of = |severity| checked.iter().map(|c| c.count(severity)).sum::<usize>();
    let [errors, warnings, notes] = Severity::ALL.map(of);
    format!("{}, {}, {}\n", plural(errors, "error"), plural(warnings, "warning"), plural(notes, "note"))
}

/// A kind as people write it.
fn name(kind: FindingKind) -> String {
    kind.as_str().replace('_', " ")
}

fn meaning(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Overlap => "ground that several areas claim; the code that comes first answers for it",
        FindingKind::SelfOverlap => "parts of one area that lie over each other",
        FindingKind::Crossing => "borders of two areas that cross",
        FindingKind::NoGround => "areas all of whose ground goes to others",
        FindingKind::Gap => "enclosed ground that no area claims",
        FindingKind::NarrowGap => {
            "ground between areas that is open to the outside, but narrower than the tolerance"
        }
        FindingKind::UnmatchedEdge => {
            "borders that run within the tolerance of each other and do not coincide"
        }
        FindingKind::UnmatchedVertex => {
            "vertices of one area on an edge of its neighbour, which has none there"
        }
        FindingKind::Sliver => "areas, or parts of areas, under 10 m² or under 2 m wide",
        FindingKind::MultiPart => "areas in several parts",
        FindingKind::DuplicateCode => "codes that areas of several regions have",
        FindingKind::ChildOutside => "children (named first) that reach out of their parent's drawing",
        FindingKind::ParentDiffers => "ground of a parent's drawing that none of its children has",
        FindingKind::ParentMissing => "areas whose parent's code the layer does not have",
        FindingKind::ParentCircle => "areas whose parents run in a circle",
    }
}

fn size(f: &Finding) -> String {
    match f.kind {
        FindingKind::Crossing => plural(f.count, "place"),
        FindingKind::UnmatchedVertex => vertices(f.count),
        FindingKind::UnmatchedEdge => format!("{}, up to {:.2} m apart", metres(f.length_m), f.width_m),
        FindingKind::MultiPart => plural(f.count, "part"),
        FindingKind::DuplicateCode => plural(f.count, "area"),
        _ if f.area_m2 > 0.0 => format!("{}, {:.2} m wide", area(f.area_m2), f.width_m),
        _ => String::new(),
    }
}

/// So many codes are written out, of more only these.
const CODES: usize = 4;

fn areas(codes: &[&str]) -> String {
    let shown = codes[..codes.len().min(CODES)].join(", ");
    match codes.len().saturating_sub(CODES) {
        0 => shown,
        n => format!("{shown} and {n} more"),
    }
}

fn place(f: &Finding) -> String {
    f.at.map(|p| format!("at {:.7},{:.7}", p.lon_degrees(), p.lat_degrees())).unwrap_or_default()
}

/// Square metres, from 10,000 on hectares, from a square kilometre on those.
fn area(m2: f64) -> String {
    match m2 {
        _ if m2 >= 1e6 => format!("{:.2} km²", m2 / 1e6),
        _ if m2 >= 1e4 => format!("{:.2} ha", m2 / 1e4),
        _ => format!("{m2:.1} m²"),
    }
}

fn metres(m: f64) -> String {
    if m >= 1e4 { format!("{:.1} km", m / 1e3) } else { format!("{m:.1} m") }
}

/// 12345 → `12,345`.
fn count(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, d) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(d);
    }
    out
}

fn plural(n: usize, what: &str) -> String {
    format!("{} {what}{}", count(n), if n == 1 { "" } else { "s" })
}

fn vertices(n: usize) -> String {
    if n == 1 { "1 vertex".to_owned() } else { format!("{} vertices", count(n)) }
}

/// Marks for a terminal, or none.
struct Style(bool);

impl Style {
    fn mark(&self, code: &str, text: &str) -> String {
        if self.0 { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn bold(&self, text: &str) -> String {
        self.mark("1", text)
    }

    fn dim(&self, text: &str) -> String {
        self.mark("2", text)
    }

    /// The word in a column as wide as the longest.
    fn severity(&self, severity: Severity) -> String {
        let colour = match severity {
            Severity::Error => "31",
            Severity::Warning => "33",
            Severity::Note => "36",
        };
        self.mark(colour, &format!("{:<7}", severity.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!([count(7), count(1234), count(1_234_567)], ["7", "1,234", "1,234,567"]);
        assert_eq!(
            [area(0.04), area(9_999.0), area(284_500.0), area(2.5e6)],
            ["0.0 m²", "9999.0 m²", "28.45 ha", "2.50 km²"]
        );
        assert_eq!([metres(12.0), metres(81_230.0)], ["12.0 m", "81.2 km"]);
        assert_eq!([plural(1, "error"), plural(0, "error")], ["1 error", "0 errors"]);
    }

    #[test]
    fn marks_are_for_terminals_only() {
        assert_eq!(Style(false).severity(Severity::Note), "note   ");
        assert_eq!(Style(true).bold("x"), "\x1b[1mx\x1b[0m");
    }
}
