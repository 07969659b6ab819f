//! Words of closed lists as files write them: the contract's own, and the usual Chinese and foreign ones.

use gridbeat_onemap::record::{Level, Risk, Side, Source, State};

/// Reads a word of a closed list: itself (any case), else by its other names.
fn read<T: Copy + std::str::FromStr>(
    text: &str,
    expected: &[T],
    name: impl Fn(T) -> &'static str,
    others: &[(&str, T)],
) -> Result<T, String> {
    let small = text.to_lowercase();
    if let Ok(v) = small.parse() {
        return Ok(v);
    }
    if let Some((_, v)) = others.iter().find(|(w, _)| *w == small) {
        return Ok(*v);
    }
    let list: Vec<&str> = expected.iter().map(|&v| name(v)).collect();
    let short: String = text.chars().take(40).collect();
    Err(format!("“{short}” is not one of {}", list.join(", ")))
}

/// The level of an area of one side.
pub(crate) fn level(text: &str, side: Side) -> Result<Level, String> {
    use Level as L;
    const OTHERS: &[(&str, Level)] = &[
        ("省", L::Province),
        ("省级", L::Province),
        ("市", L::City),
        ("地市", L::City),
        ("市级", L::City),
        ("地级市", L::City),
        ("县", L::County),
        ("区", L::County),
        ("区县", L::County),
        ("县级", L::County),
        ("县级市", L::County),
        ("区级", L::County),
        ("district", L::County),
        ("乡镇", L::Town),
        ("街道", L::Town),
        ("镇", L::Town),
        ("乡", L::Town),
        ("镇街", L::Town),
        ("乡镇(街道)", L::Town),
        ("乡镇（街道）", L::Town),
        ("street", L::Town),
        ("township", L::Town),
        ("subdistrict", L::Town),
        ("社区", L::Community),
        ("村", L::Community),
        ("村社区", L::Community),
        ("村居", L::Community),
        ("村(社区)", L::Community),
        ("村（社区）", L::Community),
        ("village", L::Community),
        ("网格", L::Grid),
        ("微网格", L::Microgrid),
        ("厅", L::Department),
        ("公安厅", L::Department),
        ("市局", L::Bureau),
        ("公安局", L::Bureau),
        ("分局", L::Subbureau),
        ("公安分局", L::Subbureau),
        ("派出所", L::Station),
        ("责任区", L::Area),
        ("警务区", L::Area),
        ("警格", L::Beat),
        ("警务网格", L::Beat),
    ];
    let of_side: Vec<Level> = L::ALL.iter().copied().filter(|l| l.side() == side).collect();
    let found = read(text, &of_side, L::as_str, OTHERS)?;
    if found.side() == side {
        Ok(found)
    } else {
        let list: Vec<&str> = of_side.iter().map(|l| l.as_str()).collect();
        Err(format!("“{text}” is a level of the other side; expected one of {}", list.join(", ")))
    }
}

/// Where an incident stands.
pub(crate) fn state(text: &str) -> Result<State, String> {
    use State as S;
    const OTHERS: &[(&str, State)] = &[
        ("上报", S::Reported),
        ("已上报", S::Reported),
        ("待受理", S::Reported),
        ("核实", S::Verified),
        ("已核实", S::Verified),
        ("立案", S::Filed),
        ("已立案", S::Filed),
        ("受理", S::Filed),
        ("已受理", S::Filed),
        ("派遣", S::Dispatched),
        ("已派遣", S::Dispatched),
        ("已派单", S::Dispatched),
        ("处置", S::Handling),
        ("处置中", S::Handling),
        ("办理中", S::Handling),
        ("处理中", S::Handling),
        ("反馈", S::Feedback),
        ("已反馈", S::Feedback),
        ("核查", S::Checking),
        ("核查中", S::Checking),
        ("结案", S::Closed),
        ("已结案", S::Closed),
        ("办结", S::Closed),
        ("已办结", S::Closed),
        ("评价", S::Evaluated),
        ("已评价", S::Evaluated),
        ("不予受理", S::Rejected),
        ("退回", S::Returned),
        ("已退回", S::Returned),
        ("挂起", S::Suspended),
        ("已挂起", S::Suspended),
        ("延期", S::Extended),
        ("已延期", S::Extended),
        ("作废", S::Void),
        ("已作废", S::Void),
        ("撤回", S::Withdrawn),
        ("已撤回", S::Withdrawn),
        ("移交", S::Transferred),
        ("已移交", S::Transferred),
        ("联合处置", S::Joint),
    ];
    read(text, S::ALL, S::as_str, OTHERS)
}

/// How urgent an incident is.
pub(crate) fn risk(text: &str) -> Result<Risk, String> {
    const OTHERS: &[(&str, Risk)] = &[
        ("红", Risk::Red),
        ("红色", Risk::Red),
        ("高", Risk::Red),
        ("黄", Risk::Yellow),
        ("黄色", Risk::Yellow),
        ("中", Risk::Yellow),
        ("蓝", Risk::Blue),
        ("蓝色", Risk::Blue),
        ("低", Risk::Blue),
    ];
    read(text, Risk::ALL, Risk::as_str, OTHERS)
}

/// Who an incident was heard from.
pub(crate) fn source(text: &str) -> Result<Source, String> {
    use Source as S;
    const OTHERS: &[(&str, Source)] = &[
        ("巡查", S::Patrol),
        ("网格员上报", S::Patrol),
        ("网格巡查", S::Patrol),
        ("居民", S::Resident),
        ("群众", S::Resident),
        ("居民上报", S::Resident),
        ("群众上报", S::Resident),
        ("热线", S::Hotline),
        ("12345", S::Hotline),
        ("12345热线", S::Hotline),
        ("报警", S::Police),
        ("110", S::Police),
        ("警情", S::Police),
        ("感知", S::Sensor),
        ("感知设备", S::Sensor),
        ("监控", S::Sensor),
        ("上级交办", S::Superior),
        ("上级", S::Superior),
    ];
    read(text, S::ALL, S::as_str, OTHERS)
}

/// Who pays a member of staff.
pub(crate) fn side(text: &str) -> Result<Side, String> {
    match text.to_lowercase().as_str() {
        "grid" | "网格" | "网格员" | "综治" => Ok(Side::Grid),
        "police" | "beat" | "警" | "公安" | "警格" | "民警" | "警务" => Ok(Side::Beat),
        _ => Err(format!("“{text}” is not one of grid, police")),
    }
}

/// Yes or no.
pub(crate) fn yes(text: &str) -> Result<bool, String> {
    match text.to_lowercase().as_str() {
        "true" | "t" | "1" | "yes" | "y" | "是" | "在岗" | "值班" | "在班" => Ok(true),
        "false" | "f" | "0" | "no" | "n" | "否" | "离岗" | "休息" | "不在岗" => Ok(false),
        _ => Err(format!("“{text}” is not one of true, false")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_both_languages() {
        assert_eq!(state("已上报"), Ok(State::Reported));
        assert_eq!(state("Closed"), Ok(State::Closed));
        assert_eq!(level("district", Side::Grid), Ok(Level::County));
        assert_eq!(level("派出所", Side::Beat), Ok(Level::Station));
        assert_eq!(risk("红色"), Ok(Risk::Red));
        assert_eq!(source("12345"), Ok(Source::Hotline));
        assert_eq!(side("police"), Ok(Side::Beat));
        assert_eq!(yes("否"), Ok(false));
    }

    #[test]
    fn unknown_words_name_the_list() {
        let e = state("gone").unwrap_err();
        assert!(e.contains("gone") && e.contains("reported, verified"), "{e}");
        let e = level("station", Side::Grid).unwrap_err();
        assert!(e.contains("other side") && e.contains("community"), "{e}");
    }
}
