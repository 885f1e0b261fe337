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
    }
}

/// A role of a kernel, the column types it accepts, and whether it must be there.
pub(crate) struct KernelRole {
    pub(crate) name: &'static str,
    pub(crate) types: &'static [RoleType],
    pub(crate) required: bool,
}

/// What a parameter may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParameterType {
    PositiveInteger,
    Flag,
    /// Between 0 and 1, both excluded.
    Level,
    Years,
    Period,
}

impl KernelName {
    /// The roles it reads.
    pub(crate) fn roles(self) -> &'static [KernelRole] {
        const fn role(name: &'static str, types: &'static [RoleType], required: bool) -> KernelRole {
            KernelRole { name, types, required }
        }
        const TIME: &[RoleType] = &[RoleType::Instant, RoleType::Time];
        const ID: &[RoleType] = &[RoleType::Id];
        const LABEL: &[RoleType] = &[RoleType::Label];
        match self {
            Self::Visits => const { &[role("time", &[RoleType::Instant], true), role("client", ID, true), role("event", ID, false)] },
            Self::Count => const { &[role("time", TIME, true), role("count", &[RoleType::Count], false), role("event", ID, false)] },
            Self::Sum => {
                const { &[role("time", TIME, true), role("amount", &[RoleType::Number, RoleType::Count], true), role("event", ID, false)] }
            }
            Self::Distinct | Self::RollingDistinct => const { &[role("time", TIME, true), role("id", ID, true), role("event", ID, false)] },
            Self::Flows => {
                const {
                    &[
                        role("time", TIME, true),
                        role("sender", LABEL, true),
                        role("receiver", LABEL, true),
                        role("count", &[RoleType::Count], false),
                        role("event", ID, false),
                    ]
                }
            }
        }
    }

    /// The parameters it takes.
    pub(crate) fn parameters(self) -> &'static [(&'static str, ParameterType)] {
        match self {
            Self::Visits => &[("gap_minutes", ParameterType::PositiveInteger)],
            Self::Distinct => &[("cumulative", ParameterType::Flag)],
            Self::RollingDistinct => &[("window_days", ParameterType::PositiveInteger)],
            Self::Count | Self::Sum | Self::Flows => &[],
        }
    }
}

impl FormulaName {
    /// How many measures or series it takes.
    pub(super) fn operands(self) -> usize {
        match self {
            Self::Share | Self::Difference => 2,
            Self::Expected | Self::Top | Self::Clamp => 1,
            Self::Reported => 0,
        }
    }

    /// The parameters it takes.
    pub(crate) fn parameters(self) -> &'static [(&'static str, ParameterType)] {
        match self {
            Self::Expected => &[
                ("base_years", ParameterType::PositiveInteger),
                ("exclude_years", ParameterType::Years),
                ("min_years", ParameterType::PositiveInteger),
                ("level", ParameterType::Level),
            ],
            Self::Top => &[("n", ParameterType::PositiveInteger), ("fixed", ParameterType::Period)],
            Self::Share | Self::Difference | Self::Clamp | Self::Reported => &[],
        }
    }
}
