//! Words → tree, by recursive descent: one function for each level of precedence, loosest first.

use super::lexer::{Placed, Token, words};
use crate::{
    FilterError, Place,
    ast::{Comparison, Expr, Node, Operator, is_standard},
    limits,
};

/// Reads a filter in CQL2 text.
///
/// # Errors
/// [`FilterError`] with the number of the character where it stops making sense, or when it is larger than
/// [`limits`] allow.
pub fn parse_text(text: &str) -> Result<Node, FilterError> {
    let mut parser = Parser {
        words: words(text)?,
        next: 0,
        end: text.chars().count() + 1,
        depth: 0,
        nodes: 0,
        positions: 0,
    };
    let node = parser.or()?;
    match parser.peek() {
        None => Ok(node),
        Some(_) => Err(parser.unexpected("the end, AND or OR")),
    }
}

/// The reader of one text.
pub struct Parser {
    words: Vec<Placed>,
    next: usize,
    end: usize,
    depth: usize,
    nodes: usize,
    /// Positions of geometries so far.
    pub positions: usize,
}

type Parsed = Result<Node, FilterError>;

impl Parser {
    pub fn peek(&self) -> Option<&Token> {
        self.words.get(self.next).map(|(token, _)| token)
    }

    /// What follows the next word.
    pub fn ahead(&self) -> impl Iterator<Item = &Token> {
        self.words.iter().skip(self.next + 1).map(|(token, _)| token)
    }

    pub fn place(&self) -> Place {
        Place::Character(self.words.get(self.next).map_or(self.end, |(_, at)| *at))
    }

    pub fn advance(&mut self) -> Option<Token> {
        let token = self.words.get(self.next).map(|(token, _)| token.clone());
        self.next += 1;
        token
    }

    pub fn fault(&self, what: impl Into<String>) -> FilterError {
        FilterError::new(&self.place(), what)
    }

    pub fn unexpected(&self, wanted: &str) -> FilterError {
        let found = match self.peek() {
            None => "the end".to_owned(),
            Some(Token::Name(n) | Token::Quoted(n)) => format!("“{}”", crate::error::short(n)),
            Some(Token::Text(t)) => format!("the text '{}'", crate::error::short(t)),
            Some(Token::Integer(n)) => format!("the number {n}"),
            Some(Token::Float(n)) => format!("the number {n}"),
            Some(Token::Symbol(s)) => format!("“{s}”"),
        };
        self.fault(format!("found {found}; expected {wanted}"))
    }

    pub fn takes(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Symbol(s)) if *s == symbol);
        self.next += usize::from(found);
        found
    }

    pub fn expect(&mut self, symbol: &str) -> Result<(), FilterError> {
        if self.takes(symbol) { Ok(()) } else { Err(self.unexpected(&format!("“{symbol}”"))) }
    }

    /// Whether the next word is this keyword (in any case, not in quotes).
    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Name(n)) if n.eq_ignore_ascii_case(word))
    }

    pub fn takes_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.next += usize::from(found);
        found
    }

    pub fn node(&mut self, place: Place, expr: Expr) -> Parsed {
        self.nodes += 1;
        if self.nodes > limits::NODES {
            let what = format!("the filter has more than {} operators and operands", limits::NODES);
            return Err(FilterError::new(&place, what));
        }
        Ok(Node { place, expr })
    }

    /// Runs a step one level deeper.
    fn deeper<T>(
        &mut self,
        step: impl FnOnce(&mut Self) -> Result<T, FilterError>,
    ) -> Result<T, FilterError> {
        self.depth += 1;
        if self.depth > limits::DEPTH {
            return Err(self.fault(format!("more than {} operators are inside each other", limits::DEPTH)));
        }
        let done = step(self);
        self.depth -= 1;
        done
    }

    pub fn or(&mut self) -> Parsed {
        self.joined("or", Self::and, Expr::Or)
    }

    fn and(&mut self) -> Parsed {
        self.joined("and", Self::not, Expr::And)
    }

    fn joined(&mut self, word: &str, part: fn(&mut Self) -> Parsed, join: fn(Vec<Node>) -> Expr) -> Parsed {
        let place = self.place();
        let first = part(self)?;
        if !self.is_word(word) {
            return Ok(first);
        }
        let mut all = vec![first];
        while self.takes_word(word) {
            all.push(part(self)?);
        }
        self.node(place, join(all))
    }

    fn not(&mut self) -> Parsed {
        let place = self.place();
        if !self.takes_word("not") {
            return self.predicate();
        }
        let inner = self.deeper(Self::not)?;
        self.node(place, Expr::Not(Box::new(inner)))
    }

    fn predicate(&mut self) -> Parsed {
        let place = self.place();
        let left = self.sum()?;
        if let Some(Token::Symbol(symbol)) = self.peek()
            && let Some(comparison) = Comparison::of(symbol)
        {
            self.next += 1;
            let right = self.sum()?;
            return self.node(place, Expr::Compare(comparison, Box::new([left, right])));
        }
        if self.takes_word("is") {
            let negated = self.takes_word("not");
            if !self.takes_word("null") {
                return Err(self.unexpected("NULL"));
            }
            let test = self.node(place.clone(), Expr::IsNull(Box::new(left)))?;
            return self.negated(place, negated, test);
        }
        let negated = self.is_word("not");
        self.next += usize::from(negated);
        let test = if self.takes_word("like") {
            let pattern = self.sum()?;
            Expr::Like(Box::new([left, pattern]))
        } else if self.takes_word("ilike") {
            // No word of the standard, but one of GDAL's.
            let pattern = self.sum()?;
            Expr::Like(Box::new([self.any_case(left)?, self.any_case(pattern)?]))
        } else if self.takes_word("between") {
            let low = self.sum()?;
            if !self.takes_word("and") {
                return Err(self.unexpected("AND and the upper bound"));
            }
            let high = self.sum()?;
            Expr::Between(Box::new([left, low, high]))
        } else if self.takes_word("in") {
            let list = self.list(false)?;
            Expr::In(Box::new(left), list)
        } else if negated {
            return Err(self.unexpected("LIKE, BETWEEN or IN"));
        } else {
            return Ok(left);
        };
        let test = self.node(place.clone(), test)?;
        self.negated(place, negated, test)
    }

    /// `CASEI(a)`
    fn any_case(&mut self, inner: Node) -> Parsed {
        self.node(inner.place.clone(), Expr::Call("casei".to_owned(), vec![inner]))
    }

    fn negated(&mut self, place: Place, negated: bool, test: Node) -> Parsed {
        if negated { self.node(place, Expr::Not(Box::new(test))) } else { Ok(test) }
    }

    fn sum(&mut self) -> Parsed {
        self.operated(&["+", "-"], Self::product)
    }

    fn product(&mut self) -> Parsed {
        self.operated(&["*", "/", "%", "div"], Self::signed)
    }

    /// Parts with operators between them, taken from left to right.
    fn operated(&mut self, symbols: &[&str], part: fn(&mut Self) -> Parsed) -> Parsed {
        let place = self.place();
        let mut left = part(self)?;
        let before = self.depth;
        while let Some(operator) = self.operator(symbols) {
            // The tree grows to the left: `a + b + c` is two levels.
            self.depth += 1;
            if self.depth > limits::DEPTH {
                return Err(
                    self.fault(format!("more than {} operators are inside each other", limits::DEPTH))
                );
            }
            let right = part(self)?;
            left = self.node(place.clone(), Expr::Arithmetic(operator, Box::new([left, right])))?;
        }
        self.depth = before;
        Ok(left)
    }

    fn operator(&mut self, symbols: &[&str]) -> Option<Operator> {
        let found = symbols.iter().find(|s| match self.peek() {
            Some(Token::Symbol(symbol)) => symbol == *s,
            Some(Token::Name(name)) => name.eq_ignore_ascii_case(s),
            _ => false,
        })?;
        self.next += 1;
        Operator::of(found)
    }

    /// `-a` is `-1 * a`; a number's own sign belongs to it.
    fn signed(&mut self) -> Parsed {
        let place = self.place();
        if self.takes("+") {
            return self.deeper(Self::signed);
        }
        if !self.takes("-") {
            return self.power();
        }
        let inner = self.deeper(Self::signed)?;
        match inner.expr {
            Expr::Integer(n) => Ok(Node { place, expr: Expr::Integer(-n) }),
            Expr::Float(n) => Ok(Node { place, expr: Expr::Float(-n) }),
            _ => {
                let minus = self.node(place.clone(), Expr::Integer(-1))?;
                self.node(place, Expr::Arithmetic(Operator::Multiply, Box::new([minus, inner])))
            }
        }
    }

    fn power(&mut self) -> Parsed {
        let place = self.place();
        let base = self.operand()?;
        if !self.takes("^") {
            return Ok(base);
        }
        let exponent = self.deeper(Self::signed)?;
        self.node(place, Expr::Arithmetic(Operator::Power, Box::new([base, exponent])))
    }

    fn operand(&mut self) -> Parsed {
        let place = self.place();
        match self.peek().cloned() {
            Some(Token::Integer(n)) => {
                self.next += 1;
                self.node(place, Expr::Integer(n))
            }
            Some(Token::Float(n)) => {
                self.next += 1;
                self.node(place, Expr::Float(n))
            }
            Some(Token::Text(text)) => {
                self.next += 1;
                self.node(place, Expr::Text(text))
            }
            Some(Token::Symbol("(")) => self.parenthesis(),
            Some(Token::Quoted(name)) => self.named(name),
            Some(Token::Name(name)) => match self.literal(&name.to_ascii_lowercase())? {
                Some(expr) => self.node(place, expr),
                None => self.named(name),
            },
            _ => Err(self.unexpected("a value or a property")),
        }
    }

    /// `(a)` is `a`; `(a, b)` is an array.
    fn parenthesis(&mut self) -> Parsed {
        let place = self.place();
        let mut list = self.list(true)?;
        match (list.len(), list.pop()) {
            (1, Some(only)) => Ok(only),
            (0, _) | (_, None) => Err(FilterError::new(&place, "nothing stands between the parentheses")),
            (_, Some(last)) => {
                list.push(last);
                self.node(place, Expr::Array(list))
            }
        }
    }

    /// `(a, b, …)`, or `()` where an array may be empty.
    fn list(&mut self, may_be_empty: bool) -> Result<Vec<Node>, FilterError> {
        self.expect("(")?;
        let mut out = Vec::new();
        if may_be_empty && self.takes(")") {
            return Ok(out);
        }
        loop {
            out.push(self.deeper(Self::or)?);
            if self.takes(")") {
                return Ok(out);
            }
            if !self.takes(",") {
                return Err(self.unexpected("“,” or “)”"));
            }
        }
    }

    /// A property or a function.
    fn named(&mut self, name: String) -> Parsed {
        let place = self.place();
        if !matches!(self.ahead().next(), Some(Token::Symbol("("))) {
            const RESERVED: [&str; 9] = ["and", "or", "not", "like", "between", "in", "is", "div", "null"];
            let bare = matches!(self.peek(), Some(Token::Name(_)));
            if bare && RESERVED.iter().any(|r| name.eq_ignore_ascii_case(r)) {
                return Err(
                    self.unexpected("a value or a property (in double quotes if its name is a keyword)")
                );
            }
            self.next += 1;
            return self.node(place, Expr::Property(name));
        }
        self.next += 1;
        let lower = name.to_ascii_lowercase();
        if !is_standard(&lower) {
            let arguments = self.list(true)?;
            return self.node(place, Expr::Call(name, arguments));
        }
        let arguments = if lower.starts_with("a_") { self.arrays()? } else { self.list(true)? };
        self.node(place, Expr::Call(lower, arguments))
    }

    /// Arguments of an array function: parentheses there always make an array.
    fn arrays(&mut self) -> Result<Vec<Node>, FilterError> {
        self.expect("(")?;
        let mut out = Vec::new();
        loop {
            let place = self.place();
            out.push(if matches!(self.peek(), Some(Token::Symbol("("))) {
                let items = self.list(true)?;
                self.node(place, Expr::Array(items))?
            } else {
                self.deeper(Self::or)?
            });
            if self.takes(")") {
                return Ok(out);
            }
            if !self.takes(",") {
                return Err(self.unexpected("“,” or “)”"));
            }
        }
    }
}
