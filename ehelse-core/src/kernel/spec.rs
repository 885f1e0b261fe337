//! What a kernel is, said once: its roles, parameters, unit, frequency and words. Everything that lists kernels derives from it.

use std::fmt::Debug;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Kept, OneWay, Open, TimeScope};
use crate::calendar::Frequency;
use crate::column::RoleType;
use crate::error::Result;
use crate::series::AddsUp;

/// What a kernel is.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Spec {
    /// Its name in files and options.
    pub name: &'static str,
    /// What it counts, in a few sentences.
    pub words: &'static str,
    /// The columns that it reads.
    pub roles: &'static [Role],
    /// What its values are in.
    pub unit: Unit,
    /// The length of its periods, unless another is asked for.
    pub frequency: Frequency,
    /// Whether its values count persons, unless it is said that they do not.
    pub counts_persons: bool,
    /// What the value of a cell without rows is.
    pub empty: Empty,
    /// Whether its periods and groups are those that rows have, and no others.
    #[serde(skip)]
    pub(crate) sampled: bool,
    /// What is known of rows that come all at once.
    #[serde(skip)]
    pub(crate) whole: WholeTable,
}

impl Spec {
    /// What most kernels are, beside their name, words, roles and unit.
    pub(crate) const USUAL: Self = Self {
        name: "",
        words: "",
        roles: &[],
        unit: Unit::Stated,
        frequency: Frequency::Month,
        counts_persons: false,
        empty: Empty::Zero,
        sampled: false,
        whole: WholeTable::Nothing,
    };
}

/// A column that a kernel reads.
#[derive(Debug, Clone, Copy, Serialize)]
#[non_exhaustive]
pub struct Role {
    /// Its name.
    pub name: &'static str,
    /// The types of columns that it accepts.
    pub types: &'static [RoleType],
    /// Whether it must be there.
    pub need: Need,
    /// What becomes of a row without a value.
    pub nulls: Nulls,
    /// How it is read.
    #[serde(skip)]
    pub(crate) reads: Reads,
    /// What it holds.
    pub words: &'static str,
}

impl Role {
    /// The time of a row, which a table may lack.
    pub(crate) const TIME: Self = Self {
        name: "time",
        types: &[RoleType::Instant, RoleType::Time, RoleType::Period],
        need: Need::Named,
        nulls: Nulls::LeftOut,
        reads: Reads::Time,
        words: "The instant, day or period of a row.",
    };
    /// The same of a sample, which may have none.
    pub(crate) const WAVE: Self = Self { need: Need::Never, words: "The wave of a row; without it the result is undated.", ..Self::TIME };
    pub(crate) const ID: Self = Self {
        name: "id",
        types: &[RoleType::Id],
        need: Need::Always,
        nulls: Nulls::LeftOut,
        reads: Reads::Id,
        words: "What tells one person or organisation from another.",
    };
    pub(crate) const EVENT: Self = Self {
        name: "event",
        need: Need::Never,
        nulls: Nulls::Refused,
        reads: Reads::Event,
        words: "What tells one event from another: rows of one event id count once (ruling 7).",
        ..Self::ID
    };
    pub(crate) const COUNT: Self = Self {
        name: "count",
        types: &[RoleType::Count],
        need: Need::Never,
        nulls: Nulls::Refused,
        reads: Reads::Count,
        words: "How many events a row stands for; one where there is no such column.",
    };
    pub(crate) const AMOUNT: Self = Self {
        name: "amount",
        types: &[RoleType::Number, RoleType::Count],
        need: Need::Always,
        nulls: Nulls::Refused,
        reads: Reads::Amount,
        words: "The number that is summed.",
    };
    pub(crate) const WEIGHT: Self = Self {
        name: "weight",
        need: Need::Never,
        reads: Reads::Weight,
        words: "What a row weighs; 1 where there is no such column.",
        ..Self::AMOUNT
    };

    /// A label that tells groups apart beside the dimensions.
    pub(crate) const fn label(name: &'static str, reads: Reads, words: &'static str) -> Self {
        Self { name, types: &[RoleType::Label], need: Need::Never, nulls: Nulls::Kept, reads, words }
    }

    /// A day of a spell.
    pub(crate) const fn day(name: &'static str, reads: Reads, words: &'static str) -> Self {
        Self { name, need: Need::Never, nulls: Nulls::Kept, reads, words, ..Self::TIME }
    }
}

/// Whether a kernel can do without a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    /// It cannot.
    Always,
    /// It must be named, but a table may lack it: rows carry no time then.
    Named,
    /// It can.
    Never,
}

/// What becomes of a row that has no value in a column that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Nulls {
    /// It is an error that names the row.
    Refused,
    /// It is not counted, and how many there are is said.
    LeftOut,
    /// It is counted, as the words of the role say; a label is unknown.
    Kept,
}

/// How a role is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reads {
    /// The time of a row, or the day on which a spell starts.
    Time,
    /// The day on which a spell ends.
    End,
    /// The day from which on a spell counts.
    Since,
    Id,
    Event,
    Count,
    /// A number, exactly.
    Amount,
    /// The part of an amount.
    Share,
    Weight,
    Score,
    /// The worst that a score may be.
    Low,
    /// The best that a score may be.
    High,
    /// A dimension that the result always has.
    Dimension,
    /// A label that tells groups apart beside the dimensions.
    Inner,
}

/// What the values of a kernel are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// It must be said.
    Stated,
    /// This, unless another is said.
    Usual(&'static str),
}

/// What the value of a cell without rows is, where the rows are complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Empty {
    /// Zero.
    Zero,
    /// Missing.
    Missing,
}

/// What a kernel gains where a table is there as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WholeTable {
    Nothing,
    /// Rows in order of time are counted at once; others are put in order first.
    InOrder,
    /// Many ids in order of time are told by when each was last seen.
    ById,
}

/// A kernel with its parameters.
pub(crate) trait Kernel: ParametersOf + Default + PartialEq + Clone + Serialize + DeserializeOwned + JsonSchema + 'static {
    const SPEC: &'static Spec;
}

/// What the parameters of a kernel decide.
pub(crate) trait ParametersOf: Debug + Send + Sync {
    /// The version of the definition, which parameters may decide.
    fn version(&self) -> u32 {
        1
    }

    /// Whether a role can be done without; none where it is not read at all.
    fn need(&self, role: &Role) -> Option<Need> {
        Some(role.need)
    }

    /// What is gained where a table is there as a whole.
    fn whole_table(&self, spec: &Spec) -> WholeTable {
        spec.whole
    }

    /// Refuses parameters that do not go together.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// Over which time the value of a period is taken.
    fn scope(&self) -> TimeScope {
        TimeScope::Period
    }

    /// Over what its values add up.
    fn adds_up(&self) -> AddsUp;

    /// The dimension that its result has beside those that are asked for.
    fn own_dimension(&self) -> Option<&'static str> {
        None
    }

    /// An empty state; `in_order` promises rows in order of time.
    fn state(&self, in_order: bool) -> Kept;

    /// An empty state for rows of a table that is there as a whole and is read in one way.
    fn open(&self, _way: OneWay) -> Open {
        Open::Kept(self.state(false))
    }

    /// What tells its states from those of other parameters.
    fn state_key(&self) -> String {
        format!("{self:?}")
    }

    /// The role whose labels are checked as they are read.
    fn checked_role(&self) -> Option<&'static str> {
        None
    }

    /// Refuses a label of that role; `allowed` are those that its question has, where they are known.
    fn check_label(&self, _label: &str, _allowed: &[String]) -> Result<()> {
        Ok(())
    }

    /// Refuses a weight, which is finite and not negative.
    fn check_weight(&self, _weight: f64) -> Result<()> {
        Ok(())
    }

    /// Refuses ends of the range of a score that are none.
    fn check_range(&self, _low: Option<f64>, _high: Option<f64>) -> Result<()> {
        Ok(())
    }

    /// A score as the state takes it; `low` and `high` are what its row says of its range.
    fn score(&self, score: f64, _low: Option<f64>, _high: Option<f64>) -> Result<f64> {
        Ok(score)
    }
}
