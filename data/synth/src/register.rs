//! The official register: codes and names of all areas of both sides.
//!
//! Grid side: 6 digits county + 3 town (街道 from 001, 镇 from 100) + 3 community (居委 from 001, 村委 from
//! 200) + 3 grid, each numbered from west to east and north to south. Police side: twelve characters, as
//! organisation codes have: stations `320213507000`, their beats with a letter, `320213507Q03`.

use crate::{
    beats::Beats,
    districts::Districts,
    geom::{P, area, centroid},
    mesh::Face,
    names::{Kind, Names},
    plan::CityPlan,
    rng::Rng,
    terrain::Terrain,
};

/// One area of either side.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    /// Official code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Code of the unit above; empty at the top.
    pub parent: String,
    /// Index of the unit above in its own list.
    pub above: u32,
    /// `comprehensive`, `exclusive` or empty.
    pub kind: &'static str,
    /// Middle.
    pub at: P,
}

/// What an enclosed grid encloses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Premises {
    Campus,
    Works,
    Market,
    Hospital,
}

/// All units of a city. Indexes are those of [`Districts`] and [`Beats`]; `*_order` lists them by code.
#[allow(missing_docs)]
pub struct Register {
    pub city: Unit,
    pub counties: Vec<Unit>,
    pub towns: Vec<Unit>,
    pub communities: Vec<Unit>,
    pub grids: Vec<Unit>,
    pub grid_order: Vec<u32>,
    /// What each exclusive grid is for.
    pub premises: Vec<Option<Premises>>,
    pub bureau: Unit,
    pub subbureaus: Vec<Unit>,
    pub stations: Vec<Unit>,
    pub beats: Vec<Unit>,
    pub beat_order: Vec<u32>,
}

/// Middle and area of a rank's units.
fn middles(done: &Districts, count: u32, of: impl Fn(usize) -> u32) -> Vec<(P, f64)> {
    let mut sum = vec![(P::default(), 0.0); count as usize];
    for f in 0..done.ground.len() {
        if let Some(s) = sum.get_mut(of(f) as usize) {
            let shape = done.mesh.shape(f as Face);
            let a = area(&shape);
            *s = (s.0 + centroid(&shape) * a, s.1 + a);
        }
    }
    sum.into_iter().map(|(at, a)| (at * (1.0 / f64::max(a, 1e-9)), a)).collect()
}

/// Units in reading order: rows from north to south, each from west to east.
fn reading_order(mut units: Vec<(u32, P)>) -> Vec<u32> {
    let n = units.len();
    let across = (n as f64).sqrt().ceil().max(1.0) as usize;
    units.sort_by(|a, b| b.1.y.total_cmp(&a.1.y));
    units
        .chunks_mut(across)
        .flat_map(|row| {
            row.sort_by(|a, b| a.1.x.total_cmp(&b.1.x));
            row.iter().map(|u| u.0).collect::<Vec<_>>()
        })
        .collect()
}

/// For each parent, its children in reading order.
fn by_parent(parents: usize, children: &[(u32, P)]) -> Vec<Vec<u32>> {
    let mut out = vec![Vec::new(); parents];
    for (i, &(parent, at)) in children.iter().enumerate() {
        out[parent as usize].push((i as u32, at));
    }
    out.into_iter().map(reading_order).collect()
}

const NUMERALS: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

/// 1 → 一, 12 → 十二, 20 → 二十.
fn numeral(n: usize) -> String {
    let tens = match n / 10 % 10 {
        0 => String::new(),
        1 => "十".to_owned(),
        t => format!("{}十", NUMERALS[t]),
    };
    let ones = if n.is_multiple_of(10) && n > 0 { "" } else { NUMERALS[n % 10] };
    format!("{tens}{ones}")
}

impl Register {
    /// Names and numbers everything.
    pub fn new(
        plan: &CityPlan,
        province: Option<&str>,
        done: &Districts,
        beats: &Beats,
        terrain: &Terrain,
        seed: u64,
    ) -> Self {
        let names = Names::new(seed, plan.region);
        let region = plan.region;
        let city_code = format!("{region}00000000");
        let city = Unit {
            code: city_code.clone(),
            name: plan.name.to_owned(),
            parent: province.map_or(String::new(), |_| format!("{}0000000000", region / 100)),
            ..Unit::default()
        };
        let [n_county, n_town, n_community, n_grid] = done.counts;
        let parent_of = |count: u32, of: &dyn Fn(usize) -> u32, above: &dyn Fn(usize) -> u32| {
            let mut out = vec![0; count as usize];
            for f in 0..done.ground.len() {
                if let Some(p) = out.get_mut(of(f) as usize) {
                    *p = above(f);
                }
            }
            out
        };
        let g = |f: usize| done.ground[f];
        let place = |count, of: &dyn Fn(usize) -> u32| middles(done, count, of);

        // Counties.
        let mid = place(n_county, &|f| g(f).county);
        let mut counties = vec![Unit::default(); n_county as usize];
        let first = if n_county == 1 { 13 } else { 11 };
        for (k, i) in
            reading_order((0..n_county).map(|i| (i, mid[i as usize].0)).collect()).into_iter().enumerate()
        {
            let at = mid[i as usize].0;
            let urban = n_county == 1 || (at - terrain.centres[0].at).len() < 0.62 * terrain.radius;
            counties[i as usize] = Unit {
                code: format!("{region}{:02}000000", first + k),
                name: format!("{}{}", names.place(Kind::County, k), if urban { "区" } else { "县" }),
                parent: city_code.clone(),
                at,
                ..Unit::default()
            };
        }

        // Towns: streets where people live densely, towns elsewhere.
        let mid = place(n_town, &|f| g(f).town);
        let above = parent_of(n_town, &|f| g(f).town, &|f| g(f).county);
        let mut towns = vec![Unit::default(); n_town as usize];
        let mut dense = vec![false; n_town as usize];
        let pairs: Vec<(u32, P)> = above.iter().copied().zip(mid.iter().map(|m| m.0)).collect();
        let mut named = 0;
        for (c, kids) in by_parent(n_county as usize, &pairs).into_iter().enumerate() {
            let mut next = [1, 100];
            for i in kids.into_iter().map(|i| i as usize) {
                let grids_per_km2 = count_of(done, i as u32) / (mid[i].1 / 1e6);
                dense[i] = grids_per_km2 > 4.2;
                let number = &mut next[usize::from(!dense[i])];
                towns[i] = Unit {
                    code: format!("{}{number:03}000", &counties[c].code[..6]),
                    name: format!(
                        "{}{}",
                        names.place(Kind::Town, named),
                        if dense[i] { "街道" } else { "镇" }
                    ),
                    parent: counties[c].code.clone(),
                    above: c as u32,
                    at: mid[i].0,
                    ..Unit::default()
                };
                *number += 1;
                named += 1;
            }
        }

        // Communities.
        let mid = place(n_community, &|f| g(f).community);
        let above = parent_of(n_community, &|f| g(f).community, &|f| g(f).town);
        let mut communities = vec![Unit::default(); n_community as usize];
        let pairs: Vec<(u32, P)> = above.iter().copied().zip(mid.iter().map(|m| m.0)).collect();
        let mut named = 0;
        for (t, kids) in by_parent(n_town as usize, &pairs).into_iter().enumerate() {
            let mut next = [1, 200];
            for i in kids.into_iter().map(|i| i as usize) {
                let town = dense[t] || terrain.density(mid[i].0) > 3.0;
                let number = &mut next[usize::from(!town)];
                communities[i] = Unit {
                    code: format!("{}{number:03}", &towns[t].code[..9]),
                    name: format!(
                        "{}{}",
                        names.place(Kind::Community, named),
                        if town { "社区" } else { "村" }
                    ),
                    parent: towns[t].code.clone(),
                    above: t as u32,
                    at: mid[i].0,
                    ..Unit::default()
                };
                *number += 1;
                named += 1;
            }
        }

        // Grids.
        let mid = place(n_grid, &|f| g(f).grid);
        let above = parent_of(n_grid, &|f| g(f).grid, &|f| g(f).community);
        let premises = premises(done, &mid, seed, region);
        let mut grids = vec![Unit::default(); n_grid as usize];
        let pairs: Vec<(u32, P)> = above.iter().copied().zip(mid.iter().map(|m| m.0)).collect();
        for (c, kids) in by_parent(n_community as usize, &pairs).into_iter().enumerate() {
            let community = &communities[c];
            let bare = community.name.trim_end_matches("社区").trim_end_matches('村');
            for (k, i) in kids.into_iter().enumerate() {
                let what = premises[i as usize];
                let name = match what {
                    None => format!("{}第{}网格", community.name, numeral(k + 1)),
                    Some(Premises::Campus) => format!("{bare}职业学院专属网格"),
                    Some(Premises::Works) => format!("{bare}工业园专属网格"),
                    Some(Premises::Market) => format!("{bare}批发市场专属网格"),
                    Some(Premises::Hospital) => format!("{bare}医院专属网格"),
                };
                grids[i as usize] = Unit {
                    code: format!("{}{:03}", community.code, k + 1),
                    name,
                    parent: community.code.clone(),
                    above: c as u32,
                    kind: if what.is_some() { "exclusive" } else { "comprehensive" },
                    at: mid[i as usize].0,
                };
            }
        }
        let grid_order = order_by_code(&grids);

        let (bureau, subbureaus, stations, beat_units) = police(plan, done, beats, &counties, &names);
        let beat_order = order_by_code(&beat_units);
        Self {
            city,
            counties,
            towns,
            communities,
            grids,
            grid_order,
            premises,
            bureau,
            subbureaus,
            stations,
            beats: beat_units,
            beat_order,
        }
    }
}

fn order_by_code(units: &[Unit]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..units.len() as u32).collect();
    order.sort_by(|&a, &b| units[a as usize].code.cmp(&units[b as usize].code));
    order
}

/// Grids of a town.
fn count_of(done: &Districts, town: u32) -> f64 {
    let mut seen: Vec<u32> = done.ground.iter().filter(|g| g.town == town).map(|g| g.grid).collect();
    seen.sort_unstable();
    seen.dedup();
    seen.len() as f64
}

/// What the enclosed grids are, and a few others that one institution fills.
fn premises(done: &Districts, mid: &[(P, f64)], seed: u64, region: u16) -> Vec<Option<Premises>> {
    let mut out = vec![None; mid.len()];
    let all = [Premises::Campus, Premises::Works, Premises::Market, Premises::Hospital];
    let mut rng = Rng::of(&[seed, u64::from(region), 5]);
    for &grid in &done.enclosed {
        out[grid as usize] = Some(all[rng.weighted(&[35, 30, 20, 15])]);
    }
    for (i, &(_, m2)) in mid.iter().enumerate() {
        if out[i].is_none() && m2 < 400_000.0 && rng.chance(0.025) {
            out[i] = Some(all[rng.weighted(&[40, 45, 10, 5])]);
        }
    }
    out
}

fn police(
    plan: &CityPlan,
    done: &Districts,
    beats: &Beats,
    counties: &[Unit],
    names: &Names,
) -> (Unit, Vec<Unit>, Vec<Unit>, Vec<Unit>) {
    let region = plan.region;
    let short = plan.name.trim_end_matches('市');
    let bureau =
        Unit { code: format!("{region}00000000"), name: format!("{short}市公安局"), ..Unit::default() };
    let subbureaus: Vec<Unit> = counties
        .iter()
        .map(|c| Unit {
            code: format!("{}000000", &c.code[..6]),
            name: format!("{}分局", c.name.trim_end_matches(['区', '县'])),
            parent: bureau.code.clone(),
            at: c.at,
            ..Unit::default()
        })
        .collect();
    let mut stations = vec![Unit::default(); beats.county_of.len()];
    let pairs: Vec<(u32, P)> =
        beats.county_of.iter().copied().zip(beats.station_at.iter().copied()).collect();
    let mut named = 0;
    for (c, kids) in by_parent(counties.len(), &pairs).into_iter().enumerate() {
        for (k, i) in kids.into_iter().enumerate() {
            stations[i as usize] = Unit {
                code: format!("{}{:03}000", &counties[c].code[..6], 501 + k),
                // Stations are named after towns, but theirs is not the towns' ground.
                name: format!("{}派出所", names.place(Kind::Town, named)),
                parent: subbureaus[c].code.clone(),
                above: c as u32,
                at: beats.station_at[i as usize],
                ..Unit::default()
            };
            named += 1;
        }
    }
    let mid = middles(done, beats.station_of.len() as u32, |f| beats.of_face[f]);
    let mut units = vec![Unit::default(); beats.station_of.len()];
    let pairs: Vec<(u32, P)> = beats.station_of.iter().copied().zip(mid.iter().map(|m| m.0)).collect();
    for (s, kids) in by_parent(stations.len(), &pairs).into_iter().enumerate() {
        let station = &stations[s];
        for (k, i) in kids.into_iter().enumerate() {
            units[i as usize] = Unit {
                code: format!("{}Q{:02}", &station.code[..9], k + 1),
                name: format!("{}第{}警格", station.name.trim_end_matches("派出所"), numeral(k + 1)),
                parent: station.code.clone(),
                above: s as u32,
                at: mid[i as usize].0,
                ..Unit::default()
            };
        }
    }
    (bureau, subbureaus, stations, units)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::p;

    #[test]
    fn numerals() {
        assert_eq!([1, 10, 11, 20, 23].map(numeral), ["一", "十", "十一", "二十", "二十三"]);
    }

    #[test]
    fn reading_goes_west_to_east_then_south() {
        let units = vec![(0, p(0.0, 0.0)), (1, p(9.0, 9.0)), (2, p(0.0, 8.0)), (3, p(9.0, 1.0))];
        assert_eq!(reading_order(units), [2, 1, 0, 3]);
    }
}
