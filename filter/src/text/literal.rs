//! Literals that begin with a word: truth values, times, boxes and geometries in WKT.

use super::{lexer::Token, parser::Parser};
use crate::{
    FilterError,
    ast::{End, Expr, Node},
    limits,
    value::{date, end_of_interval, timestamp},
};
use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point,
    Polygon,
};

type Read<T> = Result<T, FilterError>;

impl Parser {
    /// The literal that begins here with that word in lower case; `None` when it is a name.
    pub fn literal(&mut self, word: &str) -> Read<Option<Expr>> {
        match word {
            "true" | "false" if !self.opens() => {
                self.advance();
                return Ok(Some(Expr::Boolean(word == "true")));
            }
            _ if !self.opens() => return Ok(None),
            "date" => self.only_text(|t| date(t).map(Expr::Date)),
            "timestamp" => self.only_text(|t| timestamp(t).map(Expr::Timestamp)),
            "interval" => self.interval(),
            "bbox" => self.bbox(),
            _ => match self.geometry(word)? {
                Some(geometry) => Ok(Expr::Geometry(geometry)),
                None => return Ok(None),
            },
        }
        .map(Some)
    }

    /// Whether `(`, or `Z (`, follows the next word.
    fn opens(&self) -> bool {
        let mut ahead = self.ahead();
        match ahead.next() {
            Some(Token::Symbol("(")) => true,
            Some(Token::Name(z)) => {
                z.eq_ignore_ascii_case("z") && matches!(ahead.next(), Some(Token::Symbol("(")))
            }
            _ => false,
        }
    }

    fn only_text(&mut self, read: impl FnOnce(&str) -> Result<Expr, String>) -> Read<Expr> {
        self.advance();
        self.expect("(")?;
        let fault = match self.peek() {
            Some(Token::Text(text)) => match read(text) {
                Ok(expr) => {
                    self.advance();
                    self.expect(")")?;
                    return Ok(expr);
                }
                Err(what) => self.fault(what),
            },
            _ => self.unexpected("a text in single quotes"),
        };
        Err(fault)
    }

    fn interval(&mut self) -> Read<Expr> {
        self.advance();
        self.expect("(")?;
        let start = self.end()?;
        self.expect(",")?;
        let end = self.end()?;
        self.expect(")")?;
        Ok(Expr::Interval(Box::new([start, end])))
    }

    fn end(&mut self) -> Read<End> {
        let place = self.place();
        if let Some(Token::Text(text)) = self.peek() {
            let end = end_of_interval(text).map_err(|what| self.fault(what))?;
            self.advance();
            return Ok(end.map_or(End::Open, |expr| End::At(Node { place, expr })));
        }
        self.or().map(End::At)
    }

    fn bbox(&mut self) -> Read<Expr> {
        let place = self.place();
        self.advance();
        self.expect("(")?;
        let mut numbers = vec![self.number()?];
        while self.takes(",") && numbers.len() < 6 {
            numbers.push(self.number()?);
        }
        self.expect(")")?;
        match numbers[..] {
            [w, s, e, n] | [w, s, _, e, n, _] => Ok(Expr::Bbox([w, s, e, n])),
            _ => Err(FilterError::new(
                &place,
                "BBOX has 4 numbers (west, south, east, north), or 6 with heights",
            )),
        }
    }

    fn number(&mut self) -> Read<f64> {
        let sign = if self.takes("-") {
            -1.0
        } else {
            self.takes("+");
            1.0
        };
        let n = match self.peek() {
            Some(Token::Integer(n)) => *n as f64,
            Some(Token::Float(n)) => *n,
            _ => return Err(self.unexpected("a number")),
        };
        self.advance();
        Ok(sign * n)
    }

    /// A geometry in WKT that begins with this word; `None` when the word is none of WKT's.
    fn geometry(&mut self, word: &str) -> Read<Option<Geometry<f64>>> {
        let known = ["point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon"];
        if !known.contains(&word) && word != "geometrycollection" {
            return Ok(None);
        }
        self.advance();
        self.takes_word("z");
        Ok(Some(match word {
            "point" => {
                self.expect("(")?;
                let at = self.position()?;
                self.expect(")")?;
                Geometry::Point(Point(at))
            }
            "linestring" => Geometry::LineString(self.line()?),
            "polygon" => Geometry::Polygon(self.polygon()?),
            "multipoint" => Geometry::MultiPoint(MultiPoint(self.many(|p| {
                let inner = p.takes("(");
                let at = p.position()?;
                if inner {
                    p.expect(")")?;
                }
                Ok(Point(at))
            })?)),
            "multilinestring" => Geometry::MultiLineString(MultiLineString(self.many(Self::line)?)),
            "multipolygon" => Geometry::MultiPolygon(MultiPolygon(self.many(Self::polygon)?)),
            _ => Geometry::GeometryCollection(GeometryCollection(self.many(|p| {
                let word = match p.peek() {
                    Some(Token::Name(name)) => name.to_ascii_lowercase(),
                    _ => String::new(),
                };
                // The standard has no collections in collections.
                match word.as_str() {
                    "geometrycollection" => Err(p.unexpected("a geometry that is no collection")),
                    _ => p.geometry(&word)?.ok_or_else(|| p.unexpected("a geometry")),
                }
            })?)),
        }))
    }

    fn many<T>(&mut self, mut one: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        self.expect("(")?;
        let mut out = vec![one(self)?];
        while self.takes(",") {
            out.push(one(self)?);
        }
        self.expect(")")?;
        Ok(out)
    }

    fn line(&mut self) -> Read<LineString<f64>> {
        self.many(Self::position).map(LineString)
    }

    fn polygon(&mut self) -> Read<Polygon<f64>> {
        let mut rings = self.many(Self::line)?.into_iter();
        let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
        Ok(Polygon::new(exterior, rings.collect()))
    }

    /// Two numbers, and a height that is left out.
    fn position(&mut self) -> Read<Coord<f64>> {
        self.positions += 1;
        if self.positions > limits::POSITIONS {
            return Err(self.fault(format!("the geometries have more than {} positions", limits::POSITIONS)));
        }
        let (x, y) = (self.number()?, self.number()?);
        if matches!(self.peek(), Some(Token::Integer(_) | Token::Float(_) | Token::Symbol("-" | "+"))) {
            self.number()?;
        }
        Ok(Coord { x, y })
    }
}
