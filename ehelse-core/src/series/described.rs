//! What must be known of a series beside its observations: what the doors and their objects are made of.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Break, ProtectionRule, RowCounts, Series};
use crate::calendar::{Days, Frequency};

/// What must be known of a series beside its observations.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SeriesHead")]
pub struct DescribedSeries<'a> {
    /// The indicator, where the series is one.
    id: Option<&'a str>,
    /// The measure that it holds.
    name: &'a str,
    /// Its unit.
    unit: &'a str,
    /// The measures of the same computation, the primary one first.
    measures: Vec<&'a str>,
    /// The length of its periods: `day`, `week`, `month`, `quarter` or `year`; `undated` where there are none.
    #[schemars(with = "String")]
    frequency: Frequency,
    /// Names of the dimensions.
    dimensions: &'a [String],
    /// The definition it follows.
    definition: Option<&'a str>,
    /// The version of that definition.
    version: Option<u32>,
    /// The zone of the periods.
    zone: Option<&'static str>,
    /// The version of the zone data.
    tzdb_version: Option<&'static str>,
    /// The days for which the input was complete, both included.
    coverage: Option<Days>,
    /// Whether the figures count persons: then CSV and JSON-stat are protected unless told otherwise.
    counts_persons: bool,
    /// The rules by which it is protected, such as `suppress:4`; empty where it is not.
    protection: &'a [ProtectionRule],
    /// Periods from which figures were made in another way.
    breaks: &'a [Break],
    /// Notes that travel with the series, and how it is protected.
    notes: Vec<String>,
    /// What a reader must be warned of.
    warnings: &'a [String],
    /// Rows of the input by what became of them.
    #[schemars(with = "BTreeMap<String, u64>")]
    counts: RowCounts,
}

impl Series {
    /// What must be known of it beside its observations.
    #[must_use]
    pub fn describe(&self) -> DescribedSeries<'_> {
        let (head, measured) = (self.head(), self.current());
        DescribedSeries {
            id: self.id(),
            name: &measured.name,
            unit: &measured.unit,
            measures: self.measures().collect(),
            frequency: measured.frequency,
            dimensions: &measured.dimensions,
            definition: head.definition.as_ref().map(|(name, _)| name.as_str()),
            version: head.definition.as_ref().map(|(_, version)| *version),
            zone: head.zone,
            tzdb_version: head.zone_data,
            coverage: head.coverage,
            counts_persons: head.counts_persons,
            protection: &head.protection,
            breaks: &head.breaks,
            notes: head.all_notes(),
            warnings: &head.warnings,
            counts: head.counts,
        }
    }
}
