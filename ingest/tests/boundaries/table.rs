//! What becomes of each small hard case, and why.
//!
//! The files of `booleanop` hold the operands of boolean operations and their results side by side; drawn as
//! one layer, all that is a result is claimed by its operands too. Overlaps and gaps are counted as connected
//! ground wider than two units on average; `ground` is what the layer has in all, in square degrees, where it
//! can be worked out by hand.

use gridbeat_ingest::Crs;

/// A file of `topology` and what becomes of it.
pub struct Case {
    pub file: &'static str,
    /// As what its coordinates are read where it does not say.
    pub crs: Option<Crs>,
    pub expected: Outcome<&'static [(u64, &'static str)]>,
}

/// What becomes of a file.
#[derive(Debug)]
pub struct Outcome<Rejected> {
    /// Rows accepted as areas.
    pub areas: usize,
    /// Rows rejected, and a word of the reason.
    pub rejected: Rejected,
    /// Rows that were accepted with a repair.
    pub repaired: usize,
    pub overlaps: usize,
    pub gaps: usize,
    /// Square degrees.
    pub ground: Option<f64>,
}

impl Outcome<&[(u64, &str)]> {
    /// Whether this is what was found.
    pub fn is(&self, found: &Outcome<Vec<(u64, String)>>) -> Result<(), String> {
        let counts = |areas, repaired, overlaps, gaps| {
            format!("{areas} areas, {repaired} repaired, {overlaps} overlaps, {gaps} gaps")
        };
        let expected = counts(self.areas, self.repaired, self.overlaps, self.gaps);
        let told = counts(found.areas, found.repaired, found.overlaps, found.gaps);
        if expected != told {
            return Err(format!("{told}; expected {expected}"));
        }
        let same =
            |((row, word), (at, reason)): (&(u64, &str), &(u64, String))| row == at && reason.contains(word);
        if self.rejected.len() != found.rejected.len() || !self.rejected.iter().zip(&found.rejected).all(same)
        {
            return Err(format!("rejected {:?}; expected {:?}", found.rejected, self.rejected));
        }
        match (self.ground, found.ground) {
            (Some(expected), Some(found)) if (expected - found).abs() > 1e-9 => {
                Err(format!("{found} square degrees; expected {expected}"))
            }
            _ => Ok(()),
        }
    }
}

const DEGREES: Option<Crs> = None;
/// Plain numbers, taken for metres: about 90 units each.
const METRES: Option<Crs> = Some(Crs::Epsg(3857));
const BRITISH: Option<Crs> = Some(Crs::Epsg(27700));

#[expect(clippy::too_many_arguments, reason = "it is a row of the table")]
const fn case(
    file: &'static str,
    crs: Option<Crs>,
    areas: usize,
    rejected: &'static [(u64, &'static str)],
    repaired: usize,
    overlaps: usize,
    gaps: usize,
    ground: Option<f64>,
    _why: &'static str,
) -> Case {
    Case { file, crs, expected: Outcome { areas, rejected, repaired, overlaps, gaps, ground } }
}

/// File, coordinates, areas, rejected, repaired, overlaps, gaps, square degrees, and why.
#[rustfmt::skip]
pub const CASES: [Case; 73] = [
    case("booleanop/basic1_poly.geojson", DEGREES, 6, &[], 0, 3, 0, Some(6.6875), "Two squares and their union, difference, …: results claim what operands claim"),
    case("booleanop/basic2_poly_with_hole.geojson", DEGREES, 6, &[], 0, 4, 1, Some(6.67), "The same; a square hole that nothing fills is a gap"),
    case("booleanop/basic3_multi_poly.geojson", DEGREES, 6, &[], 0, 5, 0, Some(7.125), "Operands of several parts"),
    case("booleanop/basic4_multi_poly_with_hole.geojson", DEGREES, 6, &[], 0, 6, 1, Some(7.1075), "Several parts, one with a hole"),
    case("booleanop/checkerboard1.geojson", DEGREES, 3, &[], 0, 9, 0, Some(9.0), "Nine fields, each claimed by an operand and a result; fields that touch in corners stay apart"),
    case("booleanop/closed_loop1.geojson", DEGREES, 3, &[], 0, 4, 1, Some(0.76), "A loop closed by the other operand encloses a gap"),
    case("booleanop/collinear_segments1.geojson", DEGREES, 3, &[], 0, 3, 0, Some(1.25), "Operands share a stretch of line, not its ends"),
    case("booleanop/daef_cross_selfintersecting.geojson", METRES, 3, &[], 2, 8, 4, None, "Holes reach outside their polygons and are cut off; four gaps are left in the middle"),
    case("booleanop/daef_holed_rectangle2.geojson", METRES, 3, &[], 1, 4, 1, None, "A line of no width is cut off; a hole stays empty"),
    case("booleanop/daef_polygonwithholes_holed.geojson", METRES, 3, &[], 3, 2, 1, None, "Holes reach outside; a part of the third without ground is dropped"),
    case("booleanop/disjoint_boxes.geojson", DEGREES, 3, &[], 0, 4, 0, Some(3.24), "Boxes that the results copy, four of them"),
    case("booleanop/fatal1.geojson", DEGREES, 5, &[], 0, 3, 0, None, "Operands a millionth of a degree apart along their lines: slivers under two units are not counted"),
    case("booleanop/fatal2.geojson", DEGREES, 5, &[], 2, 5, 3, None, "Two of the rings touch themselves; the operands' lines run together within a unit, in a hundred slivers that do not count"),
    case("booleanop/fatal3.geojson", METRES, 4, &[], 0, 4, 0, None, "The same with lines that are nearly one"),
    case("booleanop/fatal4.geojson", DEGREES, 4, &[], 0, 2, 0, None, "A sliver of thousandths of a unit that floating point keeps and the lattice closes"),
    case("booleanop/filling_rectangle.geojson", DEGREES, 3, &[], 0, 2, 0, Some(16.0), "One operand fills the other; the union claims both"),
    case("booleanop/hourglasses.geojson", DEGREES, 7, &[], 2, 6, 1, Some(0.875), "Two hourglasses cross themselves and are taken apart, a triangle a part"),
    case("booleanop/intersections_at_endpoints.geojson", DEGREES, 3, &[], 0, 9, 0, Some(360.4), "Lines that cross in their ends only"),
    case("booleanop/issue103.geojson", METRES, 3, &[], 0, 10, 0, None, "Steep lines that cross many times"),
    case("booleanop/issue110.geojson", METRES, 3, &[], 0, 3, 0, None, "A triangle and a quadrilateral with a vertex on its edge"),
    case("booleanop/issue68.geojson", DEGREES, 3, &[], 0, 3, 0, None, "Thin and overlapping along one edge"),
    case("booleanop/issue69.geojson", DEGREES, 3, &[], 0, 5, 2, Some(62.825), "Rings that touch themselves enclose two gaps"),
    case("booleanop/issue69_sub1.geojson", DEGREES, 3, &[], 0, 2, 1, None, "The same, reduced: one gap"),
    case("booleanop/issue71.geojson", METRES, 3, &[], 1, 2, 0, None, "Operands with an edge in common, nearly; the first has a part within another: joined"),
    case("booleanop/issue76.geojson", METRES, 5, &[], 5, 5, 0, None, "Every ring open, or with a vertex repeated: closed, thinned out"),
    case("booleanop/issue93.geojson", DEGREES, 3, &[], 0, 1, 1, None, "Lines nearly on each other: one overlap is wider than two units"),
    case("booleanop/issue96.geojson", DEGREES, 3, &[], 1, 3, 0, None, "The first polygon's hole runs out of it and is cut"),
    case("booleanop/issue99.geojson", METRES, 3, &[], 0, 1, 0, None, "Far outside of all degrees: refused without a system"),
    case("booleanop/many_rects.geojson", DEGREES, 0, &[(1, "a latitude within"), (2, "a latitude within"), (3, "a latitude within")], 0, 0, 0, Some(0.0), "Latitudes beyond the poles, yet small enough for degrees: every row is rejected and says so"),
    case("booleanop/nested_polys1.geojson", DEGREES, 3, &[], 0, 3, 0, Some(1.0), "Squares in squares, each claimed twice"),
    case("booleanop/nested_polys2.geojson", DEGREES, 3, &[], 0, 3, 2, Some(1.72), "Frames in frames: two gaps between them"),
    case("booleanop/nested_polys3.geojson", DEGREES, 3, &[], 0, 4, 4, Some(124.0), "Frames that touch, four gaps"),
    case("booleanop/overlap_loop.geojson", DEGREES, 2, &[(2, "a latitude within"), (4, "a latitude within"), (5, "must state its level")], 0, 1, 0, Some(1440.0), "Two rows reach beyond the pole, one has no geometry: three of five are rejected"),
    case("booleanop/overlap_y.geojson", METRES, 4, &[(5, "must state its level")], 0, 3, 0, None, "A row without geometry is a parent and must state its level"),
    case("booleanop/overlapping_segments1.geojson", DEGREES, 3, &[], 0, 8, 0, Some(125.0), "Edges on one line that overlap in part"),
    case("booleanop/overlapping_segments2.geojson", DEGREES, 3, &[], 0, 20, 0, Some(27.0), "Many edges on few lines"),
    case("booleanop/overlapping_segments3.geojson", METRES, 3, &[], 0, 2, 0, None, "Three triangles on one line"),
    case("booleanop/polygon_trapezoid_edge_overlap.geojson", DEGREES, 5, &[], 0, 4, 0, Some(134.75), "A trapezoid's edge lies on part of a rectangle's"),
    case("booleanop/rust_issue12.geojson", METRES, 3, &[], 2, 7, 0, None, "Two spikes without width are cut off"),
    case("booleanop/tie.geojson", DEGREES, 3, &[(3, "must state its level")], 0, 2, 0, Some(2.0), "Two triangles tip to tip; the difference is empty, and a row without ground is rejected"),
    case("booleanop/touching_boxes.geojson", DEGREES, 4, &[(3, "must state its level")], 0, 2, 0, Some(10.0), "Boxes that share an edge; their intersection is empty and is rejected"),
    case("booleanop/vertical_ulp_slopes1.geojson", DEGREES, 3, &[], 0, 261, 64, None, "Lines that differ from the vertical by the last bit of a double: vertical here"),
    case("booleanop/vertical_ulp_slopes2.geojson", DEGREES, 3, &[], 0, 261, 64, None, "The same with more of them"),
    case("booleanop/xor_holes1.geojson", DEGREES, 3, &[], 0, 6, 0, Some(16.5), "Holes in both operands"),
    case("booleanop/xor_holes2.geojson", DEGREES, 3, &[], 0, 6, 0, Some(10.0), "Holes that cross each other"),
    case("ex10_bowtie.json", DEGREES, 2, &[], 1, 1, 0, Some(6.0), "A bow-tie whose one half another area claims"),
    case("ex11_ogc.geojson", DEGREES, 1, &[], 0, 0, 1, Some(20.0), "Two parts that touch in two points: what they enclose is nobody's"),
    case("ex12_ogc.geojson", DEGREES, 1, &[], 1, 0, 0, Some(24.0), "Two parts with an edge in common are one ring: joined, the edge falls away"),
    case("ex13_ogc.json", DEGREES, 1, &[], 1, 0, 0, Some(8.0), "A line runs into each part and back: cut off"),
    case("ex14_ogc.json", DEGREES, 1, &[], 1, 0, 0, Some(8.0), "The same, and the lines run on outside"),
    case("ex15_ogc.json", DEGREES, 1, &[], 1, 0, 1, Some(2.0), "A hole that touches its exterior four times leaves the four corners"),
    case("ex16_ogc.json", DEGREES, 1, &[], 0, 0, 1, Some(2.29), "A hole that touches its exterior once stays a hole"),
    case("ex17_ogc.json", DEGREES, 1, &[], 0, 0, 1, Some(2.2), "A hole that touches twice cuts the polygon in two"),
    case("ex18_ogc.json", DEGREES, 1, &[], 1, 0, 0, Some(3.0), "A hole with an edge on its exterior is a bay"),
    case("ex19_ogc.json", DEGREES, 1, &[], 1, 0, 0, Some(8.0), "Two squares joined by a vertex visited twice: two parts"),
    case("ex1_yemen.json", DEGREES, 2, &[], 0, 0, 0, None, "Neighbours with different vertices along their border: the gap is narrower than two units"),
    case("ex20_ogc_line.json", DEGREES, 0, &[(1, "expected a polygon")], 0, 0, 0, Some(0.0), "A line is no area"),
    case("ex21_crossed_lines.json", DEGREES, 0, &[(1, "expected a polygon"), (2, "expected a polygon")], 0, 0, 0, Some(0.0), "Nor are these"),
    case("ex22_three_ia_precincts.json", DEGREES, 3, &[], 0, 0, 0, None, "Precincts digitised one by one: overlaps and gaps, all narrower than two units"),
    case("ex23_three_ca_precincts.json", DEGREES, 2, &[(3, "more than once")], 1, 0, 4, None, "Gaps between precincts, most of them slivers; a ring that winds twice can be read two ways"),
    case("ex2_yemen.json", DEGREES, 3, &[], 0, 0, 0, None, "The same with a third: overlap and gaps narrower than two units"),
    case("ex3.json", DEGREES, 3, &[], 0, 6, 0, Some(9.0), "Two L-shapes and a square: everything that two or three claim"),
    case("ex4.json", DEGREES, 2, &[], 0, 2, 1, Some(8.36), "Without the square its ground is a gap, but for the L-shapes' overlap"),
    case("ex5_three_precincts.json", DEGREES, 3, &[], 0, 2, 0, None, "Two slivers of overlap, 66 m² and less, that the first codes get"),
    case("ex6.json", DEGREES, 2, &[], 0, 1, 0, Some(11.0), "A square and a tilted square that reaches into it"),
    case("ex7_britain.json", BRITISH, 3, &[], 0, 0, 0, None, "In metres of the British National Grid: a clean coverage"),
    case("ex8_britain.json", BRITISH, 12, &[], 0, 0, 0, None, "The same, twelve of them"),
    case("ex9_FranklinTwoPrecinctsDetail.json", DEGREES, 2, &[], 0, 0, 0, None, "A border with vertices closer than the lattice is wide: they become one"),
    case("CO_bad_gap_region.zip", DEGREES, 15, &[], 0, 3, 3, None, "Precincts of Colorado whose borders leave each other: three overlaps and three gaps wider than two units"),
    case("NY8_utm18.shp", DEGREES, 279, &[(24, "more than once"), (210, "more than once")], 50, 0, 6, None, "Tracts digitised one by one; five rings cross themselves, and of two of these a part is wound around twice: where those two are missing are gaps, as in other places"),
    case("NY8_bna_utm18.gpkg", DEGREES, 281, &[], 0, 0, 1, None, "The same tracts repaired by others: a clean coverage around a lake"),
    case("nl/nl_zones.wkt", DEGREES, 91, &[], 16, 35, 19, None, "Zones that claim ground twice; zone 89 crosses itself in one point"),
    case("nl/nl_plots.wkt", DEGREES, 316, &[], 0, 0, 11, None, "Plots: a clean coverage with streets and yards left out"),
];
