//! What people report: by the hour, by the day of the week, and more at some corners than at others.

use crate::{
    blocks::{Block, Use},
    city::City,
    doors::{doors, some_place},
    geom::inside,
    rng::Rng,
    text::{Moment, digits, padded, position},
};

/// The morning on which the chief opens the map: 2026-07-01 08:30 in China. All times count back from it.
pub const NOW: Moment = Moment(20_635 * 86_400 + 8 * 3_600 + 30 * 60);

/// How many days of incidents there are.
pub const DAYS: i64 = 90;

/// One category of incidents.
struct Category {
    word: &'static str,
    titles: &'static [&'static str],
    /// Weight everywhere, and the uses where it is more frequent (times how much).
    weight: u32,
    at: &'static [(Use, u32)],
    hours: Hours,
    /// Weekend against weekday, in tenths.
    weekend: u32,
    /// Red, yellow, blue.
    risk: [u32; 3],
    /// Patrol, resident, hotline, police, sensor, superior.
    source: [u32; 6],
}

#[derive(Clone, Copy)]
enum Hours {
    Night,
    Commute,
    Office,
    Evening,
    Day,
    Any,
}

impl Hours {
    /// Weight of each hour from 0 to 23.
    const fn weights(self) -> [u32; 24] {
        match self {
            Self::Night => [14, 10, 6, 3, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 3, 3, 3, 4, 6, 9, 13, 18, 20, 18],
            Self::Commute => [1, 1, 1, 1, 1, 2, 6, 16, 20, 12, 8, 7, 7, 6, 6, 7, 10, 17, 20, 13, 8, 5, 3, 2],
            Self::Office => [1, 0, 0, 0, 0, 1, 2, 6, 14, 20, 20, 15, 8, 10, 17, 18, 16, 10, 6, 4, 3, 2, 1, 1],
            Self::Evening => [4, 2, 1, 1, 1, 1, 2, 4, 5, 6, 7, 9, 9, 7, 6, 7, 8, 11, 15, 18, 18, 15, 11, 7],
            Self::Day => [1, 1, 1, 1, 1, 3, 7, 11, 13, 14, 13, 11, 8, 8, 11, 12, 12, 11, 9, 7, 5, 4, 3, 2],
            Self::Any => [5, 4, 3, 3, 3, 4, 6, 8, 9, 9, 9, 9, 8, 8, 8, 8, 9, 9, 9, 9, 9, 8, 7, 6],
        }
    }
}

const CATEGORIES: [Category; 14] = [
    Category {
        word: "noise",
        titles: &["夜间噪音扰民", "广场舞音响扰民", "装修噪音扰民", "商铺外放音响"],
        weight: 15,
        at: &[(Use::Nightlife, 6), (Use::Park, 3), (Use::Lanes, 2)],
        hours: Hours::Night,
        weekend: 15,
        risk: [0, 6, 94],
        source: [5, 35, 40, 20, 0, 0],
    },
    Category {
        word: "parking",
        titles: &["占道停车", "消防通道停车", "非机动车乱停放", "占用盲道停车"],
        weight: 16,
        at: &[(Use::Market, 3), (Use::Hospital, 5), (Use::Transport, 4), (Use::Offices, 2)],
        hours: Hours::Commute,
        weekend: 8,
        risk: [0, 8, 92],
        source: [45, 20, 25, 8, 2, 0],
    },
    Category {
        word: "garbage",
        titles: &["垃圾堆积未清运", "建筑垃圾乱倒", "暴露垃圾"],
        weight: 12,
        at: &[(Use::Market, 3), (Use::Village, 2)],
        hours: Hours::Day,
        weekend: 9,
        risk: [0, 3, 97],
        source: [60, 20, 18, 0, 0, 2],
    },
    Category {
        word: "fire_hazard",
        titles: &["楼道堆物", "消防设施损坏", "群租房消防隐患", "仓库违规用火"],
        weight: 7,
        at: &[(Use::Works, 4), (Use::Market, 3), (Use::Lanes, 3)],
        hours: Hours::Office,
        weekend: 5,
        risk: [18, 52, 30],
        source: [60, 14, 10, 3, 5, 8],
    },
    Category {
        word: "ebike",
        titles: &["电动车进楼充电", "飞线充电", "充电桩故障"],
        weight: 9,
        at: &[(Use::Compound, 2), (Use::Lanes, 3)],
        hours: Hours::Evening,
        weekend: 10,
        risk: [6, 54, 40],
        source: [55, 25, 15, 0, 5, 0],
    },
    Category {
        word: "dispute",
        titles: &["邻里纠纷", "消费纠纷", "劳资纠纷", "家庭纠纷", "物业纠纷"],
        weight: 10,
        at: &[(Use::Works, 2), (Use::Market, 2), (Use::Hospital, 4), (Use::Nightlife, 2)],
        hours: Hours::Evening,
        weekend: 12,
        risk: [5, 35, 60],
        source: [15, 25, 15, 43, 0, 2],
    },
    Category {
        word: "theft",
        titles: &["电动车被盗", "入室盗窃", "扒窃", "商铺被盗"],
        weight: 4,
        at: &[(Use::Transport, 5), (Use::Market, 4), (Use::Nightlife, 3)],
        hours: Hours::Night,
        weekend: 12,
        risk: [14, 62, 24],
        source: [2, 8, 2, 86, 2, 0],
    },
    Category {
        word: "fraud",
        titles: &["冒充客服诈骗", "刷单诈骗", "投资理财诈骗", "冒充公检法诈骗"],
        weight: 4,
        at: &[(Use::Campus, 4), (Use::Offices, 2)],
        hours: Hours::Office,
        weekend: 8,
        risk: [25, 65, 10],
        source: [3, 12, 3, 80, 0, 2],
    },
    Category {
        word: "water_leak",
        titles: &["自来水管爆裂", "雨污水管堵塞", "消防栓漏水"],
        weight: 5,
        at: &[(Use::Lanes, 3)],
        hours: Hours::Any,
        weekend: 10,
        risk: [3, 30, 67],
        source: [25, 30, 35, 0, 10, 0],
    },
    Category {
        word: "manhole",
        titles: &["窨井盖破损", "窨井盖缺失", "路面塌陷"],
        weight: 3,
        at: &[(Use::Village, 2)],
        hours: Hours::Day,
        weekend: 8,
        risk: [12, 48, 40],
        source: [50, 15, 20, 3, 12, 0],
    },
    Category {
        word: "stall",
        titles: &["占道经营", "流动摊贩", "店外堆物"],
        weight: 8,
        at: &[(Use::Nightlife, 4), (Use::Transport, 5), (Use::Campus, 3), (Use::Market, 3)],
        hours: Hours::Evening,
        weekend: 14,
        risk: [0, 4, 96],
        source: [65, 15, 18, 2, 0, 0],
    },
    Category {
        word: "traffic",
        titles: &["轻微交通事故", "信号灯故障", "电动车逆行事故"],
        weight: 6,
        at: &[(Use::Transport, 4), (Use::Offices, 2)],
        hours: Hours::Commute,
        weekend: 7,
        risk: [6, 40, 54],
        source: [5, 10, 5, 70, 10, 0],
    },
    Category {
        word: "flood",
        titles: &["道路积水", "地下车库进水", "河道水位告警"],
        weight: 2,
        at: &[(Use::Village, 3), (Use::Villas, 3)],
        hours: Hours::Any,
        weekend: 10,
        risk: [22, 53, 25],
        source: [25, 15, 15, 5, 38, 2],
    },
    Category {
        word: "missing_person",
        titles: &["老人走失", "儿童走失"],
        weight: 1,
        at: &[(Use::Transport, 4), (Use::Park, 3), (Use::Hospital, 3)],
        hours: Hours::Day,
        weekend: 12,
        risk: [45, 50, 5],
        source: [5, 20, 3, 72, 0, 0],
    },
];

const RISKS: [&str; 3] = ["red", "yellow", "blue"];
const SOURCES: [&str; 6] = ["patrol", "resident", "hotline", "police", "sensor", "superior"];

/// The words for what is reported.
pub fn categories() -> impl Iterator<Item = &'static str> {
    CATEGORIES.iter().map(|c| c.word)
}

/// Makes a city's incidents and appends them as CSV rows in the order of time; gives their number.
pub fn write(city: &City, out: &mut Vec<u8>) -> u64 {
    let total: f64 = city.blocks.list.iter().map(|b| b.heat).sum();
    let mut rows: Vec<(Moment, usize, usize)> = Vec::new();
    let mut text = Vec::new();
    for (i, block) in city.blocks.list.iter().enumerate() {
        let mut rng = Rng::of(&[city.seed, u64::from(city.plan.region), 8, i as u64]);
        let mean = f64::from(city.plan.incidents) * block.heat / total.max(1e-9);
        let n = rng.about(mean);
        if n > 0 {
            of_block(city, block, n, &mut rng, &mut text, &mut rows);
        }
    }
    rows.sort_unstable();
    let mut today = (0, 0);
    for &(at, start, end) in &rows {
        let (year, month, day) = at.date();
        let date = year as u64 * 10_000 + month * 100 + day;
        today = if today.0 == date { (date, today.1 + 1) } else { (date, 1) };
        digits(out, u64::from(city.plan.region));
        digits(out, date);
        padded(out, today.1, 5);
        out.extend_from_slice(&text[start..end]);
    }
    rows.len() as u64
}

fn of_block(
    city: &City,
    block: &Block,
    n: u32,
    rng: &mut Rng,
    text: &mut Vec<u8>,
    rows: &mut Vec<(Moment, usize, usize)>,
) {
    let all = doors(&city.done, block, city.seed, city.plan.region);
    let shape = city.done.mesh.shape(block.face);
    let start_of_address = city.address_start(block);
    let weights: Vec<u32> = CATEGORIES
        .iter()
        .map(|c| c.weight * 10 * c.at.iter().find(|a| a.0 == block.used).map_or(1, |a| a.1))
        .collect();
    // Some doors are reported again and again.
    let favourites: Vec<usize> = (0..3).map(|_| rng.below(all.len().max(1))).collect();
    for _ in 0..n {
        let category = &CATEGORIES[rng.weighted(&weights)];
        let at = moment(category, rng);
        let door = if rng.chance(0.3) { *rng.pick(&favourites) } else { rng.below(all.len().max(1)) };
        let start = text.len();
        text.push(b',');
        text.extend_from_slice(
            city.blocks.streets.get(block.street as usize).map_or("", String::as_str).as_bytes(),
        );
        digits(text, u64::from(block.number));
        text.extend_from_slice("号 ".as_bytes());
        text.extend_from_slice(rng.pick(category.titles).as_bytes());
        for word in [
            category.word,
            state(at, rng),
            RISKS[rng.weighted(&category.risk)],
            SOURCES[rng.weighted(&category.source)],
        ] {
            text.push(b',');
            text.extend_from_slice(word.as_bytes());
        }
        text.push(b',');
        at.rfc3339(text);
        text.push(b',');
        text.extend_from_slice(start_of_address.as_bytes());
        let place = match all.get(door) {
            Some(d) => {
                text.extend_from_slice(City::address_link(d).as_bytes());
                City::address_rest(text, d);
                let near = city.done.mesh.frame.metres(d.at);
                let off = crate::geom::p(rng.range(-6.0, 6.0), rng.range(-6.0, 6.0));
                if inside(&shape, near + off) { near + off } else { near }
            }
            None => {
                text.extend_from_slice("号".as_bytes());
                some_place(&shape, rng)
            }
        };
        text.push(b',');
        position(text, city.done.mesh.frame.lattice(place));
        text.push(b'\n');
        rows.push((at, start, text.len()));
    }
}

/// When: a day of the ninety, rather more of late, by the weekday; then an hour.
fn moment(category: &Category, rng: &mut Rng) -> Moment {
    let midnight = NOW.0 - NOW.0.rem_euclid(86_400);
    loop {
        let day = rng.below(DAYS as usize + 1) as i64;
        let date = Moment(midnight - day * 86_400);
        let busy = match date.weekday() {
            5 | 6 => category.weekend,
            0 => 11,
            _ => 10,
        };
        if rng.below(16) as u32 >= busy {
            continue;
        }
        let hour = rng.weighted(&category.hours.weights()) as i64;
        let at = Moment(date.0 + hour * 3_600 + rng.below(3_600) as i64);
        if at < NOW && at.0 > NOW.0 - DAYS * 86_400 {
            return at;
        }
    }
}

/// Where it stands by now: nearly all of the old ones are closed, most of the last two days' are not.
fn state(at: Moment, rng: &mut Rng) -> &'static str {
    let hours = (NOW.0 - at.0) / 3_600;
    let open = match hours {
        0..48 => 0.78,
        48..168 => 0.22,
        _ => 0.011,
    };
    if rng.chance(open) {
        return match hours {
            0..4 => ["reported", "verified", "filed"][rng.weighted(&[5, 3, 2])],
            4..48 => {
                ["filed", "dispatched", "handling", "feedback", "checking"][rng.weighted(&[1, 3, 5, 2, 1])]
            }
            48..168 => ["handling", "feedback", "checking", "extended", "joint", "returned"]
                [rng.weighted(&[4, 2, 2, 2, 1, 1])],
            _ => ["suspended", "extended", "joint", "transferred"][rng.weighted(&[3, 3, 2, 1])],
        };
    }
    let evaluated = if hours > 240 { 24 } else { 2 };
    ["closed", "evaluated", "rejected", "void", "withdrawn"][rng.weighted(&[76, evaluated, 3, 1, 1])]
}
