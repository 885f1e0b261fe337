//! The words a catalogue may use for kernels, formulas and column roles, and what each of them takes. Computes nothing.

use crate::words::words;

words! {
    /// A kernel: what counts rows.
    KernelName {
        /// Runs of page views of one client, each less than `gap_minutes` after the one before; a run counts in the period in which it
        /// starts (rulings 9–13).
        Visits = "visits",
        /// Rows, or the sum of a column of counts; rows of one event id count once (rulings 5 and 7).
        Count = "count",
        /// The sum of an amount, exact and rounded once (ruling 8).
        Sum = "sum",
        /// Different ids, each once in a period, or up to its end; totals are counted from the rows (rulings 15 and 16).
        Distinct = "distinct",
        /// Different ids in the days up to a day, itself included; a longer period has the value of its last day (rulings 14–16).
        RollingDistinct = "rolling_distinct",
        /// Rows by sender and receiver, with the totals of both (ruling 5).
        Flows = "flows",
        /// Different ids, or rows where there are no ids, that are active on the last day of a period: from the day they start, and no
        /// longer on the day they end (rulings 17 and 18).
        ActiveAt = "active_at",
        /// The sum of an amount over the rows that are active on the last day of a period, of each the share that belongs to its group
        /// (ruling 17).
        ActiveSum = "active_sum",
        /// Weight of the counted answers in per cent of the weight of all answers, with standard error and interval from the whole
        /// design (rulings 34–36).
        Proportion = "proportion",
        /// Sub-scores rescaled to the range they lie in, weighted within their layer, and the layers weighted upwards (ruling 37).
        Composite = "composite",
    }
}

words! {
    /// A formula: how one measure is had from others.
    FormulaName {
        /// The first in per cent of the second; a denominator of zero gives a missing value (rulings 24 and 25).
        Share = "share",
        /// The first less the second, with its sign (ruling 21).
        Difference = "difference",
        /// Mean of the same month in the years before: an estimate, with a prediction interval (rulings 19–23).
        Expected = "expected",
        /// The largest groups of each period, ties by label; the rest as one, `other`, where it adds up (ruling 33).
        Top = "top",
        /// The value, but never below zero.
        Clamp = "clamp",
        /// Taken as it was reported; nothing is computed.
        Reported = "reported",
        /// Units with an event in the day or week in per cent of the units that exist at its end; a longer period has the mean of its
        /// days or weeks (ruling 18).
        ActiveShare = "active_share",
        /// Each group in per cent of the total over a dimension (rulings 24 and 25).
        ShareWithin = "share_within",
        /// In per cent of a number that is stated for the period: an estimate (rulings 24 and 25).
        ShareOfStated = "share_of_stated",
        /// The first divided by the second, in the unit that the measure states (rulings 24 and 27).
        Ratio = "ratio",
        /// Mean of the shorter periods of each period, zeros among them; a week belongs to the period of its Thursday (rulings 3 and 18).
        PeriodMean = "period_mean",
        /// Mean over the groups of a dimension, without totals and unknown, weighted where weights are given (ruling 24).
        GroupMean = "group_mean",
        /// Change in per cent from the first to the last period; missing across a break unless allowed (ruling 26).
        Growth = "growth",
        /// The first less the second where there is one: an estimate, without the break that the second explains (rulings 22 and 28).
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
