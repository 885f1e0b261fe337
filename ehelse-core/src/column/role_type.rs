//! The types that columns of an input may be declared to have. Reads no column.

use crate::words::words;

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
