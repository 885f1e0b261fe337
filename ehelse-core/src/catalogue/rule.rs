//! The words a catalogue may use for kernels, formulas and column roles, and what each of them takes. Computes nothing.

/// A named list of words with their variants, so that every such type reads and writes in one way.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in files and options.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The variant of a word.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|variant| variant.as_str() == word)
            }

            /// "; did you mean `x`?" or the words there are.
            pub(crate) fn hint(word: &str) -> String {
                $crate::error::hint(word, Self::ALL.iter().map(|variant| variant.as_str()))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(super) use words;

words! {
    /// A kernel: what counts rows.
    KernelName {
        /// Runs of page views of one client (rulings 9–13).
        Visits = "visits",
        /// Rows, or a column of counts.
        Count = "count",
        /// An amount.
        Sum = "sum",
        /// Distinct ids in a period, or up to its end.
        Distinct = "distinct",
        /// Distinct ids in the days up to a day (rulings 14–16).
        RollingDistinct = "rolling_distinct",
        /// Rows by sender and receiver.
        Flows = "flows",
        /// Distinct ids that are active at a date (rulings 17 and 18).
        ActiveAt = "active_at",
        /// An amount of the rows that are active at a date.
        ActiveSum = "active_sum",
        /// Weighted proportions of answers (rulings 34 and 35).
        Proportion = "proportion",
        /// Scores put together by weights and layers (ruling 37).
        Composite = "composite",
    }
}

words! {
    /// A formula: how one measure is had from others.
    FormulaName {
        /// The first in per cent of the second.
        Share = "share",
        /// The first less the second.
        Difference = "difference",
        /// Mean of the same month in the years before (rulings 19–23).
        Expected = "expected",
        /// The largest groups, the rest as one (ruling 33).
        Top = "top",
        /// The value, but never below zero.
        Clamp = "clamp",
        /// Taken as it was reported; nothing is computed.
        Reported = "reported",
        /// Units with an event in per cent of the units that exist (ruling 18).
        ActiveShare = "active_share",
        /// Each group in per cent of the total over a dimension.
        ShareWithin = "share_within",
        /// In per cent of a stated number.
        ShareOfStated = "share_of_stated",
        /// The first by the second, in the unit that the measure states.
        Ratio = "ratio",
        /// Mean of the shorter periods of each period.
        PeriodMean = "period_mean",
        /// Mean over groups, weighted where weights are given.
        GroupMean = "group_mean",
        /// Change from the first to the last period.
        Growth = "growth",
        /// The first less an effect where there is one.
        Adjusted = "adjusted",
        /// A series input as it was given.
        Given = "given",
    }
}

words! {
    /// What a column of an input holds.
    RoleType {
        /// Instants.
        Instant = "instant",
        /// Instants or civil days.
        Time = "time",
        /// Integers, text or fixed-size binary that tell one from another.
        Id = "id",
        /// Names of groups.
        Label = "label",
        /// Numbers.
        Number = "number",
        /// How many events a row stands for.
        Count = "count",
        /// True or false.
        Flag = "flag",
        /// Periods as text, years as whole numbers, instants or civil days.
        Period = "period",
        /// Numbers, or the answers yes, partly and no.
        Score = "score",
        /// Codes of answers, or true and false.
        Answer = "answer",
    }
}

/// A role of a kernel, the column types it accepts, and whether it must be there.
pub(crate) struct KernelRole {
    pub(crate) name: &'static str,
    pub(crate) types: &'static [RoleType],
    pub(crate) need: Need,
}

/// Whether a kernel can do without a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// It cannot.
    Always,
    /// The input must name it, but a table may lack it: the result is undated.
    Named,
    /// It can.
    Never,
}

/// What a parameter may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParameterType {
    PositiveInteger,
    Flag,
    /// Between 0 and 1, both excluded.
    Level,
    /// From 0 to 1.
    Part,
    Number,
    Years,
    Period,
    Text,
    Texts,
    /// One of some words.
    Word(&'static [&'static str]),
    /// A number for each name.
    Numbers,
}

impl KernelName {
    /// The roles it reads.
    pub(crate) fn roles(self) -> &'static [KernelRole] {
        use Need::{Always, Named, Never};
        const fn role(name: &'static str, types: &'static [RoleType], need: Need) -> KernelRole {
            KernelRole { name, types, need }
        }
        const TIME: &[RoleType] = &[RoleType::Instant, RoleType::Time, RoleType::Period];
        const ID: &[RoleType] = &[RoleType::Id];
        const LABEL: &[RoleType] = &[RoleType::Label];
        const NUMBER: &[RoleType] = &[RoleType::Number, RoleType::Count];
        const COUNT: &[RoleType] = &[RoleType::Count];
        match self {
            Self::Visits => const { &[role("time", &[RoleType::Instant], Always), role("client", ID, Always), role("event", ID, Never)] },
            Self::Count => const { &[role("time", TIME, Named), role("count", COUNT, Never), role("event", ID, Never)] },
            Self::Sum => const { &[role("time", TIME, Named), role("amount", NUMBER, Always), role("event", ID, Never)] },
            Self::Distinct => const { &[role("time", TIME, Named), role("id", ID, Always), role("event", ID, Never)] },
            Self::RollingDistinct => const { &[role("time", TIME, Always), role("id", ID, Always), role("event", ID, Never)] },
            Self::Flows => {
                const {
                    &[
                        role("time", TIME, Named),
                        role("sender", LABEL, Always),
                        role("receiver", LABEL, Always),
                        role("count", COUNT, Never),
                        role("event", ID, Never),
                    ]
                }
            }
            Self::ActiveAt => {
                const { &[role("start", TIME, Never), role("end", TIME, Never), role("since", TIME, Never), role("id", ID, Never)] }
            }
            Self::ActiveSum => {
                const {
                    &[
                        role("start", TIME, Never),
                        role("end", TIME, Never),
                        role("since", TIME, Never),
                        role("id", ID, Never),
                        role("amount", NUMBER, Always),
                        role("share", &[RoleType::Number], Never),
                    ]
                }
            }
            Self::Proportion => {
                const {
                    &[
                        role("time", TIME, Never),
                        role("answer", &[RoleType::Answer, RoleType::Label, RoleType::Flag], Always),
                        role("weight", NUMBER, Never),
                        role("strata", LABEL, Never),
                        role("cluster", LABEL, Never),
                        role("question", LABEL, Never),
                    ]
                }
            }
            Self::Composite => {
                const {
                    &[
                        role("time", TIME, Never),
                        role("score", &[RoleType::Score, RoleType::Number], Always),
                        role("weight", NUMBER, Never),
                        role("layer", LABEL, Never),
                        role("item", LABEL, Never),
                        role("low", NUMBER, Never),
                        role("high", NUMBER, Never),
                    ]
                }
            }
        }
    }

    /// The parameters it takes.
    pub(crate) fn parameters(self) -> &'static [(&'static str, ParameterType)] {
        use ParameterType::{Flag, Level, Number, Numbers, Part, PositiveInteger, Text, Texts, Word};
        match self {
            Self::Visits => &[("gap_minutes", PositiveInteger)],
            Self::Count | Self::Distinct => &[("cumulative", Flag)],
            Self::RollingDistinct => &[("window_days", PositiveInteger)],
            Self::Sum | Self::Flows | Self::ActiveAt | Self::ActiveSum => &[],
            Self::Proportion => &[
                ("answers", Texts),
                ("counted", Texts),
                ("non_response", Texts),
                ("each_answer", Flag),
                ("level", Level),
                ("lonely_psu", Word(&["fail", "adjust", "certainty", "average"])),
                ("reference", Text),
                ("question", Text),
            ],
            Self::Composite => &[
                ("low", Number),
                ("high", Number),
                ("weight", Number),
                ("scale", Number),
                ("min_coverage", Part),
                ("layer_weights", Numbers),
                ("each_layer", Flag),
            ],
        }
    }
}

impl FormulaName {
    /// How many measures or series it takes.
    pub(super) fn operands(self) -> std::ops::RangeInclusive<usize> {
        match self {
            Self::Share | Self::Difference | Self::Ratio | Self::Adjusted => 2..=2,
            Self::Expected
            | Self::Top
            | Self::Clamp
            | Self::ShareWithin
            | Self::ShareOfStated
            | Self::PeriodMean
            | Self::Growth
            | Self::Given => 1..=1,
            Self::GroupMean => 1..=2,
            Self::ActiveShare => 2..=3,
            Self::Reported => 0..=0,
        }
    }

    /// The parameters it takes.
    pub(crate) fn parameters(self) -> &'static [(&'static str, ParameterType)] {
        use ParameterType::{Flag, Level, Number, Numbers, Period, PositiveInteger, Text, Word, Years};
        match self {
            Self::Expected => {
                &[("base_years", PositiveInteger), ("exclude_years", Years), ("min_years", PositiveInteger), ("level", Level)]
            }
            Self::Top => &[("n", PositiveInteger), ("fixed", Period)],
            Self::Share => &[("totals", Flag)],
            Self::ActiveShare => &[("of", Word(&["all", "connected"])), ("active_in", Word(&["day", "week"]))],
            Self::ShareWithin => &[("dimension", Text)],
            Self::ShareOfStated => &[("stated", Numbers)],
            Self::Ratio => &[("factor", Number)],
            Self::GroupMean => &[("dimension", Text), ("partial", Flag)],
            Self::Growth => &[("from", Period), ("to", Period), ("allow_breaks", Flag)],
            Self::Difference | Self::Clamp | Self::Reported | Self::PeriodMean | Self::Adjusted | Self::Given => &[],
        }
    }
}
