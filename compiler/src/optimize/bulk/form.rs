//! Numbers that a proof knows as sums, and what such sums are at least and at most.

/// A number of 32 bits: a sum of variables, each so many times, modulo 2^32.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Form {
    /// The address that is written to.
    pub to: i32,
    /// The address that is read from.
    pub from: i32,
    /// The number of rounds, see [`Case`].
    pub rounds: i32,
    /// The number of an iteration, counted from 0.
    pub turn: i32,
    /// 1.
    pub constant: i32,
}

impl Form {
    /// The address that is written to.
    pub const TO: Self = Self {
        to: 1,
        ..Self::constant(0)
    };

    /// The address that is read from.
    pub const FROM: Self = Self {
        from: 1,
        ..Self::constant(0)
    };

    pub const fn constant(constant: i32) -> Self {
        Self {
            to: 0,
            from: 0,
            rounds: 0,
            turn: 0,
            constant,
        }
    }

    /// This, and another one so many times.
    pub fn plus(self, other: Self, times: i32) -> Self {
        let sum = |own: i32, other: i32| own.wrapping_add(other.wrapping_mul(times));
        Self {
            to: sum(self.to, other.to),
            from: sum(self.from, other.from),
            rounds: sum(self.rounds, other.rounds),
            turn: sum(self.turn, other.turn),
            constant: sum(self.constant, other.constant),
        }
    }

    pub fn minus(self, other: Self) -> Self {
        self.plus(other, -1)
    }

    pub fn plus_constant(self, constant: i32) -> Self {
        self.plus(Self::constant(constant), 1)
    }

    pub fn times(self, factor: i32) -> Self {
        Self::default().plus(self, factor)
    }

    /// The number, if no variable is part of it.
    pub fn as_constant(self) -> Option<i32> {
        (self == Self::constant(self.constant)).then_some(self.constant)
    }

    /// What this is in an iteration.
    pub fn in_turn(self, turn: Self) -> Self {
        Self { turn: 0, ..self }.plus(turn, self.turn)
    }

    /// What this is in the next iteration.
    pub fn in_next_turn(self) -> Self {
        self.plus_constant(self.turn)
    }

    /// What this is if there are twice as many rounds as what is called so from here on, and so many more.
    pub fn with_half_the_rounds(self, more: i32) -> Self {
        Self {
            rounds: self.rounds.wrapping_mul(2),
            constant: self.constant.wrapping_add(self.rounds.wrapping_mul(more)),
            ..self
        }
    }

    /// What this is with a known number of rounds.
    pub fn with_rounds(self, rounds: i32) -> Self {
        Self {
            rounds: 0,
            constant: self.constant.wrapping_add(self.rounds.wrapping_mul(rounds)),
            ..self
        }
    }

    /// How often the distance between the addresses is part of it, if they are in no other way.
    pub fn distances(self) -> Option<i32> {
        (self.to == self.from.wrapping_neg()).then_some(self.from)
    }

    /// The integer that this is congruent to which has the same terms.
    pub fn integer(self) -> Option<Integer> {
        Some(Integer {
            distance: self.distances()?.into(),
            rounds: self.rounds.into(),
            turn: self.turn.into(),
            constant: self.constant.into(),
        })
    }
}

/// An integer, as a sum like that of a [`Form`], but not modulo anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Integer {
    /// How far the address that is read from is behind the one that is written to.
    pub distance: i64,
    pub rounds: i64,
    pub turn: i64,
    pub constant: i64,
}

impl Integer {
    pub fn minus(self, other: Self) -> Self {
        Self {
            distance: self.distance - other.distance,
            rounds: self.rounds - other.rounds,
            turn: self.turn - other.turn,
            constant: self.constant - other.constant,
        }
    }

    pub fn plus_constant(self, constant: i64) -> Self {
        let constant = self.constant + constant;
        Self { constant, ..self }
    }

    /// The last number of rounds before this becomes negative or stops to be, if that depends on nothing else.
    pub fn last_of_sign(self) -> Option<i64> {
        let depends_on_rounds = self.distance == 0 && self.turn == 0 && self.rounds != 0;
        depends_on_rounds.then(|| match self.rounds {
            0.. => (-self.constant - 1).div_euclid(self.rounds),
            _ => self.constant.div_euclid(-self.rounds),
        })
    }
}

/// How what is written lies to what is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// They have no byte in common.
    Apart,
    /// They overlap, and what is written begins in front.
    Before,
    /// They overlap, and what is written begins behind.
    Behind,
    /// They are the same.
    Equal,
}

/// What is known of the variables: a part of all that a function can be called with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    /// How many bytes there are: a number of rounds of so many bytes each, and a rest.
    pub count: Form,
    /// How many rounds there are at least, and at most.
    pub rounds: (i64, i64),
    pub relation: Relation,
}

/// No number is part of a sum more often than this, so that sums fit 64 bits.
const MOST_TIMES: i64 = 1 << 28;

/// The first count that is not looked at.
pub(super) const COUNT_LIMIT: i64 = 1 << 31;

impl Case {
    pub fn new(relation: Relation) -> Self {
        let fewest = match relation {
            // A byte and nothing overlap with nothing else.
            Relation::Before | Relation::Behind => 2,
            Relation::Apart | Relation::Equal => 0,
        };
        Self {
            count: Form {
                rounds: 1,
                ..Form::default()
            },
            rounds: (fewest, COUNT_LIMIT - 1),
            relation,
        }
    }

    /// The least and the most that an integer is, if the loop that it is of has so many iterations; `None` where there is
    /// no bound.
    pub fn range(&self, integer: Integer, turns: Option<Form>) -> Option<(i64, i64)> {
        let factors = [integer.distance, integer.rounds, integer.turn];
        if factors.iter().any(|factor| factor.abs() > MOST_TIMES) {
            return None;
        }
        let corner = |rounds: i64| {
            let at = |form: Form| i64::from(form.rounds) * rounds + i64::from(form.constant);
            let mut low = integer.rounds * rounds + integer.constant;
            let mut high = low;
            let mut add = |times: i64, least: i64, most: i64| {
                let ends = [times * least, times * most];
                low += ends[0].min(ends[1]);
                high += ends[0].max(ends[1]);
            };
            if integer.turn != 0 {
                add(integer.turn, 0, at(turns?) - 1);
            }
            if integer.distance != 0 {
                let most = at(self.count) - 1;
                match self.relation {
                    Relation::Before => add(integer.distance, 1, most),
                    Relation::Behind => add(integer.distance, -most, -1),
                    Relation::Equal | Relation::Apart => return None,
                }
            }
            Some((low, high))
        };
        // A linear function is least and greatest in corners.
        let (fewest, most) = self.rounds;
        let (one, other) = (corner(fewest)?, corner(most)?);
        Some((one.0.min(other.0), one.1.max(other.1)))
    }

    /// The unsigned number of 32 bits that a form is, as an integer; where that is not always the same one, the last number
    /// of rounds before it changes.
    pub fn unsigned(&self, form: Form) -> Option<Result<Integer, i64>> {
        let integer = form.integer()?;
        let (least, most) = self.range(integer, None)?;
        let wraps = least.div_euclid(1 << 32);
        if most.div_euclid(1 << 32) == wraps {
            return Some(Ok(integer.plus_constant(-(wraps << 32))));
        }
        let next = integer.plus_constant(-((wraps + 1) << 32));
        next.last_of_sign().map(Err)
    }
}
