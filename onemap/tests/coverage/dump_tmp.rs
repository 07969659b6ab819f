use crate::cases::FAMILIES;
use crate::judge::*;
#[test]
fn dump() {
    let name = std::env::var("FAM").unwrap();
    let seed: u64 = std::env::var("SEED").unwrap().parse().unwrap();
    let f = FAMILIES.iter().find(|f| f.name == name).unwrap();
    let b = Built::new(f.case(seed));
    let wkt = |g: &gridbeat_onemap::MultiPolygon| {
        let ring = |r: &Vec<gridbeat_onemap::E7>| {
            format!(
                "({})",
                r.iter()
                    .chain(r.first())
                    .map(|p| format!("{} {}", p.lon, p.lat))
                    .collect::<Vec<_>>()
                    .join(",")
            )
        };
        format!(
            "MULTIPOLYGON({})",
            g.0.iter()
                .map(|p| format!("({})", p.rings().map(ring).collect::<Vec<_>>().join(",")))
                .collect::<Vec<_>>()
                .join(",")
        )
    };
    let mut s = String::new();
    for id in b.grids.ids().filter(|i| b.grids.area(*i).drawn) {
        s += &format!("G\t{}\t{}\n", b.grids.area(id).code, wkt(&b.grids.outline(id)));
    }
    for id in b.beats.ids().filter(|i| b.beats.area(*i).drawn) {
        s += &format!("B\t{}\t{}\n", b.beats.area(id).code, wkt(&b.beats.outline(id)));
    }
    for id in b.overlay.ids() {
        s += &format!("P\t{}\t{}\n", b.overlay.piece(id).id, wkt(&b.overlay.outline(id)));
    }
    for (k, rows) in [("RG", &b.case.grids), ("RB", &b.case.beats)] {
        for r in rows.iter() {
            if let Some(g) = &r.geometry {
                s += &format!("{k}\t{}\t{}\n", r.code, wkt(g));
            }
        }
    }
    for a in b.grids.arcs() {
        s += &format!(
            "AG\t{:?}|{:?}\tLINESTRING({})\n",
            a.left,
            a.right,
            a.points.iter().map(|p| format!("{} {}", p.lon, p.lat)).collect::<Vec<_>>().join(",")
        );
    }
    for a in b.beats.arcs() {
        s += &format!(
            "AB\t{:?}|{:?}\tLINESTRING({})\n",
            a.left,
            a.right,
            a.points.iter().map(|p| format!("{} {}", p.lon, p.lat)).collect::<Vec<_>>().join(",")
        );
    }
    for (pts, l, r) in b.overlay.arcs() {
        s += &format!(
            "AO\t{:?}|{:?}\tLINESTRING({})\n",
            l,
            r,
            pts.iter().map(|p| format!("{} {}", p.lon, p.lat)).collect::<Vec<_>>().join(",")
        );
    }
    std::fs::write(format!("/tmp/orc/{name}-{seed}.tsv"), s).unwrap();
}
