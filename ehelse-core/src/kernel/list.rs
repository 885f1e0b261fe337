//! The one list of kernels, and the one of their states. Everything that names them all is made from these.

use std::ops::Deref;

use serde_json::{Map, Value};

use super::spec::{Kernel, ParametersOf, Spec, WholeTable};
use super::{
    Accumulator, ById, Context, Needs, Question, Resumable, RowBlock, TakesRows, Values, active_at, active_sum, composite, count, distinct,
    flows, proportion, quantile, rolling_distinct, sum, visits,
};
use crate::bytes::{Reader, Writer};
use crate::error::{Error, Result};
use crate::options;
use crate::words::words;

/// Names the kernels, and makes of the names what finds their specs and reads their parameters.
macro_rules! kernels {
    ($($variant:ident = $name:literal, $parameters:ty;)+) => {
        words! {
            /// A kernel: what is counted of rows.
            KernelName {
                $(#[doc = concat!("[`", $name, "`](mod@crate::kernel::", $name, ").")] $variant = $name),+
            }
        }

        impl KernelName {
            /// What the kernel is.
            #[must_use]
            pub fn spec(self) -> &'static Spec {
                match self { $(Self::$variant => <$parameters as Kernel>::SPEC),+ }
            }

            /// The JSON Schema of its parameters: names, types, defaults and what they mean.
            #[must_use]
            pub fn parameters(self) -> &'static Map<String, Value> {
                match self { $(Self::$variant => options::schema::<$parameters>()),+ }
            }

            /// The kernel with these parameters; what is not stated is as its room says.
            pub(crate) fn rule(self, parameters: &Map<String, Value>) -> Result<Rule> {
                Ok(match self { $(Self::$variant => Rule::$variant(Box::new(options::read::<$parameters>("", parameters)?))),+ })
            }
        }

        #[derive(Debug, Clone, PartialEq)]
        pub(crate) enum Rule { $($variant(Box<$parameters>)),+ }

        impl Rule {
            pub(crate) fn kernel(&self) -> KernelName {
                match self { $(Self::$variant(_) => KernelName::$variant),+ }
            }
        }

        impl Deref for Rule {
            type Target = dyn ParametersOf;
            fn deref(&self) -> &Self::Target {
                match self { $(Self::$variant(parameters) => &**parameters),+ }
            }
        }
    };
}

kernels! {
    Visits = "visits", visits::Parameters;
    Count = "count", count::Parameters;
    Sum = "sum", sum::Parameters;
    Distinct = "distinct", distinct::Parameters;
    RollingDistinct = "rolling_distinct", rolling_distinct::Parameters;
    Flows = "flows", flows::Parameters;
    ActiveAt = "active_at", active_at::Parameters;
    ActiveSum = "active_sum", active_sum::Parameters;
    Proportion = "proportion", proportion::Parameters;
    Composite = "composite", composite::Parameters;
    Quantile = "quantile", quantile::Parameters;
}

impl Rule {
    /// What the kernel is.
    pub(crate) fn spec(&self) -> &'static Spec {
        self.kernel().spec()
    }

    /// Whether it gains this where a table is there as a whole.
    pub(crate) fn gains(&self, whole: WholeTable) -> bool {
        self.whole_table(self.spec()) == whole
    }
}

/// One of several states that take rows: each call goes to the one that it is.
macro_rules! one_of {
    ($(#[$doc:meta])* $name:ident { $($variant:ident($state:ty)),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub(crate) enum $name { $($variant($state)),+ }

        impl TakesRows for $name {
            fn needs(&self) -> Needs {
                match self { $(Self::$variant(state) => state.needs()),+ }
            }
            fn push(&mut self, rows: &RowBlock, context: Context<'_>) -> Result<()> {
                match self { $(Self::$variant(state) => state.push(rows, context)),+ }
            }
            fn memory(&self) -> usize {
                match self { $(Self::$variant(state) => state.memory()),+ }
            }
            fn explain(&self) -> String {
                match self { $(Self::$variant(state) => state.explain()),+ }
            }
        }
    };
}

/// One of several states that merge with others of their kind.
macro_rules! accumulators {
    ($name:ident { $($variant:ident),+ $(,)? }) => {
        impl Accumulator for $name {
            fn can_merge(&self, other: &Self, renumbered: &[u32]) -> Result<()> {
                match (self, other) {
                    $((Self::$variant(ours), Self::$variant(theirs)) => ours.can_merge(theirs, renumbered),)+
                    _ => Err(other_kind()),
                }
            }
            fn merges_at_once(&self) -> bool {
                match self { $(Self::$variant(state) => state.merges_at_once()),+ }
            }
            fn merge(&mut self, other: &Self, renumbered: &[u32], context: Context<'_>) -> Result<()> {
                match (self, other) {
                    $((Self::$variant(ours), Self::$variant(theirs)) => ours.merge(theirs, renumbered, context),)+
                    _ => Err(other_kind()),
                }
            }
            fn values(&self, question: Question<'_>, context: Context<'_>) -> Result<Values> {
                match self { $(Self::$variant(state) => state.values(question, context)),+ }
            }
        }
    };
}

/// Names the states that are kept, and makes of the names what each of them does.
macro_rules! kept {
    ($($variant:ident($state:ty)),+ $(,)?) => {
        one_of! {
            /// A state that is kept: more rows may come tomorrow.
            Kept { $($variant($state)),+ }
        }
        accumulators!(Kept { $($variant),+ });

        impl Resumable for Kept {
            fn write(&self, renumbered: &[u32], to: &mut Writer, context: Context<'_>) -> Result<()> {
                match self { $(Self::$variant(state) => state.write(renumbered, to, context)),+ }
            }
            fn read(&self, from: &mut Reader<'_>, context: Context<'_>) -> Result<Self> {
                Ok(match self { $(Self::$variant(empty) => Self::$variant(empty.read(from, context)?)),+ })
            }
        }
    };
}

kept! {
    Visits(ById<visits::Visits<u64>>),
    Sealed(ById<visits::Sealed<u64>>),
    Closing(ById<visits::Closing<u64>>),
    Count(count::Count),
    Sum(sum::Sum),
    Sightings(ById<distinct::Sightings<u64>>),
    Active(active_at::Active),
    AmountSpells(active_sum::AmountSpells),
    Weights(proportion::Weights),
    Scores(composite::Scores),
    Numbers(quantile::Numbers),
}

one_of! {
    /// A state that the rows of a table that is there as a whole are read into.
    Open { Kept(Kept), ByTime(ById<visits::ByTime<u64>>), Latest(ById<distinct::Latest<u64>>) }
}

/// What such a table was read into.
#[derive(Debug, Clone)]
pub(crate) enum Whole {
    /// A state that could be kept.
    Kept(Kept),
    /// When ids were seen, without the ids.
    Seen(distinct::Seen),
}

accumulators!(Whole { Kept, Seen });

impl Open {
    pub(crate) fn close(self, context: Context<'_>) -> Whole {
        match self {
            Self::Kept(state) => Whole::Kept(state),
            Self::ByTime(rows) => Whole::Kept(Kept::Sealed(rows.close(context))),
            Self::Latest(rows) => Whole::Seen(rows.close()),
        }
    }
}

fn other_kind() -> Error {
    Error::computation("states of different kinds cannot be merged; compute both with the same order")
}
