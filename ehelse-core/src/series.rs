//! The result: periods, dimensions, values, flags, components, and what must be known about them. Holds no formula.

mod bytes;
mod columns;
mod confidentiality;
mod described;
mod edit;
mod flags;
mod measured;
mod observation;
mod operand;
mod reason;
mod symbol;

use std::sync::Arc;

pub use columns::is_dimension;
#[cfg(feature = "arrow")]
pub(crate) use columns::is_read;
pub(crate) use columns::{check_dimension, is_reserved};
pub use confidentiality::{ConfStatus, ProtectionRule};
pub use described::DescribedSeries;
pub use flags::{Flag, Flags};
pub use measured::{AddsUp, Measured};
pub(crate) use observation::join_versions;
pub use observation::{Component, Components, Observation, Traced, Vintage};
pub use operand::Operand;
pub use reason::{Reason, Reasons};
pub use symbol::Symbols;

use hashbrown::HashMap;
use hashbrown::hash_map::Entry;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar::{Days, Frequency, Period};
use crate::error::{Error, Result};
use crate::text::Text;

/// A period from which figures were made in another way; changes across it are missing unless allowed (ruling 26).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Break {
    /// The first period of the new way.
    pub period: Period,
    /// What changed.
    pub reason: Text,
    /// Whether it is where one version of the definition takes over from another.
    #[serde(skip_deserializing)]
    pub joins_versions: bool,
}

impl Break {
    /// A break for a reason.
    #[must_use]
    pub fn new(period: Period, reason: impl Into<Text>) -> Self {
        Self { period, reason: reason.into(), joins_versions: false }
    }

    pub(crate) fn of_versions(period: Period, old: u32, new: u32) -> Self {
        let en = format!("definition version {old} is followed by version {new}");
        let nb = format!("definisjonsversjon {old} følges av versjon {new}");
        Self { period, reason: Text { nb, en }, joins_versions: true }
    }
}

/// How many rows of the input went where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RowCounts {
    /// Rows that were used.
    pub accepted: u64,
    /// Rows without a time, a required id or the number that is described (ruling 6).
    pub unattributable: u64,
    /// Rows outside a stated coverage (ruling 4).
    pub outside_coverage: u64,
    /// Rows whose event id had been seen (ruling 7).
    pub duplicates: u64,
    /// Rows that a filter left out, and rows of days on which the indicator or group did not exist.
    pub filtered: u64,
}

/// What holds for all measures of a series.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Head {
    /// The indicator, where the series is one.
    pub id: Option<String>,
    /// The definition and its version, such as `visits` and 1.
    pub definition: Option<(String, u32)>,
    /// The zone of the periods.
    pub zone: Option<&'static str>,
    /// Version of the zone data.
    pub zone_data: Option<&'static str>,
    /// The days for which the input was complete.
    pub coverage: Option<Days>,
    /// Breaks, by period.
    pub breaks: Vec<Break>,
    /// Notes that travel with the series.
    pub notes: Vec<String>,
    /// What a reader must be warned of.
    pub warnings: Vec<String>,
    /// Rows of the input.
    pub counts: RowCounts,
    /// Whether the figures count persons (ruling 39).
    pub counts_persons: bool,
    /// The rules by which they are protected; none where they are not (ruling 39).
    pub protection: Vec<ProtectionRule>,
}

impl Head {
    /// Whether the figures may be published: they are protected, or count no persons.
    #[must_use]
    pub fn is_safe(&self) -> bool {
        !self.counts_persons || !self.protection.is_empty()
    }

    /// What readers are told: the notes, and how the figures are protected.
    #[must_use]
    pub fn all_notes(&self) -> Vec<String> {
        self.notes.iter().cloned().chain(self.protection.iter().map(|rule| rule.note())).collect()
    }
}

/// A series: one measure of one indicator over periods and dimensions, with its status.
///
/// It has one unit and holds one measure; [`Series::measures`] names the others of the same computation and
/// [`Series::measure`] turns to one of them. It is immutable and cheap to clone.
///
/// ```
/// use ehelse_core::{Frequency, Observation, Period, Series};
/// let rows = vec![Observation::new(Period::parse("2018")?, Some(25.6e6)), Observation::new(Period::parse("2019")?, Some(37.2e6))];
/// let visits = Series::reported("visits", Frequency::Year, &[], rows)?;
/// assert_eq!(visits.at("2019", &[])?.value, Some(37.2e6));
/// assert!(visits.at("2020", &[]).is_err());
/// # Ok::<(), ehelse_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What holds for the measure that the series holds, and for all of them.
    head: Arc<Head>,
    whole: Arc<Head>,
    measures: Arc<[Arc<Measured>]>,
    current: usize,
    /// How many series, this one among them, were made of each other.
    depth: u8,
}

impl Series {
    /// A series of the measures of one computation; the first is primary.
    pub(crate) fn new(head: Head, mut measures: Vec<Measured>) -> Self {
        measures.iter_mut().for_each(Measured::sort);
        Self::of_sorted(head, measures.into_iter().map(Arc::new).collect())
    }

    /// The same for measures that are sorted.
    pub(crate) fn of_sorted(head: Head, measures: Vec<Arc<Measured>>) -> Self {
        let depth = Self::depth_of(&measures);
        Self::of(Arc::new(head), measures.into(), 0, depth)
    }

    /// The series that holds a measure, with the breaks that hold for it.
    fn of(whole: Arc<Head>, measures: Arc<[Arc<Measured>]>, current: usize, depth: u8) -> Self {
        let lifted = measures.get(current).map_or(&[][..], |measured| &measured.lifted);
        let head = if lifted.is_empty() {
            whole.clone()
        } else {
            let breaks = whole.breaks.iter().filter(|b| !lifted.contains(b)).cloned().collect();
            Arc::new(Head { breaks, ..(*whole).clone() })
        };
        Self { head, whole, measures, current, depth }
    }

    /// A series of figures that were reported elsewhere. Periods between them are not filled (ruling 5).
    ///
    /// The latest vintage of each figure is the value; the others stay for [`Series::as_of`]. Where the latest ones differ in
    /// definition version, the join is a break (ruling 30).
    ///
    /// # Errors
    /// A period of another frequency, a value that is not finite, a value with a flag of a missing one (Q, O, M), labels that do not
    /// fit the dimensions, and one identity with two values (ruling 30). A missing value without a flag gets O.
    pub fn reported(unit: &str, frequency: Frequency, dimensions: &[&str], rows: Vec<Observation>) -> Result<Self> {
        dimensions.iter().try_for_each(|name| check_dimension(name))?;
        let mut all: Vec<Observation> = Vec::with_capacity(rows.len());
        let mut seen = HashMap::with_capacity(rows.len());
        for (row, mut o) in rows.into_iter().enumerate() {
            let refuse = |column: &str, message: String| Err(Error::invalid(message).in_column(column).at_row(row));
            if o.period.frequency() != frequency {
                return refuse("period", format!("`{}` is not a {frequency}; give every row of one series the same frequency", o.period));
            }
            if o.labels.len() != dimensions.len() {
                return refuse("period", format!("{} labels for {} dimensions", o.labels.len(), dimensions.len()));
            }
            match o.value {
                Some(value) if !value.is_finite() => {
                    return refuse("value", format!("{value} is not a finite number; leave a missing value null"));
                }
                Some(_) if o.flags.is_missing() => {
                    return refuse("flags", format!("the value is there, but the flags `{}` say that it is missing (ruling 28)", o.flags));
                }
                None => o.flags = o.flags.as_missing(Flag::O),
                Some(_) => {}
            }
            match seen.entry((o.labels.clone(), o.period, o.vintage.clone())) {
                Entry::Vacant(free) => _ = free.insert((row, all.len())),
                Entry::Occupied(taken) => {
                    let (first, at) = *taken.get();
                    if (all[at].value, all[at].flags) != (o.value, o.flags) {
                        let group = if o.labels.is_empty() { String::new() } else { format!(" of {}", o.labels.join(", ")) };
                        let what = format!("the figure of {}{group} has another value in row {first}", o.period);
                        let advice = "a figure is never overwritten: give it another edition or date (ruling 30)";
                        return refuse("value", format!("{what}; {advice}"));
                    }
                    continue;
                }
            }
            all.push(o);
        }
        let measured = Measured {
            name: "value".to_owned(),
            unit: unit.to_owned(),
            frequency,
            dimensions: dimensions.iter().map(|&d| d.to_owned()).collect(),
            adds_up: AddsUp::Everywhere.unless(matches!(unit, "percent" | "percentage_points" | "score")),
            cumulative: false,
            valid: None,
            lifted: Vec::new(),
            observations: Vec::new(),
            vintages: all,
        };
        let mut measured = observation::latest(measured);
        let breaks = join_versions(&mut measured);
        Ok(Self::new(Head { breaks, ..Head::default() }, vec![measured]))
    }

    /// What holds for the measure.
    #[must_use]
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The indicator, where the series is one.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.head.id.as_deref()
    }

    /// The measure that this series holds.
    #[must_use]
    pub fn current(&self) -> &Measured {
        &self.measures[self.current]
    }

    pub(crate) fn shared(&self) -> Arc<Measured> {
        self.measures[self.current].clone()
    }

    /// Its unit.
    #[must_use]
    pub fn unit(&self) -> &str {
        &self.current().unit
    }

    /// Its frequency.
    #[must_use]
    pub fn frequency(&self) -> Frequency {
        self.current().frequency
    }

    /// Names of its dimensions.
    #[must_use]
    pub fn dimensions(&self) -> &[String] {
        &self.current().dimensions
    }

    /// Its observations, by labels and then period.
    #[must_use]
    pub fn observations(&self) -> &[Observation] {
        &self.current().observations
    }

    /// How many observations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.observations().len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.observations().is_empty()
    }

    /// The names of the measures of the same computation, the primary one first.
    pub fn measures(&self) -> impl Iterator<Item = &str> {
        self.measures.iter().map(|m| m.name.as_str())
    }

    /// The same computation's other measure.
    pub fn measure(&self, name: &str) -> Result<Self> {
        let current = self.measures().position(|measure| measure == name);
        let current = current.ok_or_else(|| Error::unknown("measure", name, self.measures()))?;
        Ok(Self::of(self.whole.clone(), self.measures.clone(), current, self.depth))
    }

    /// The observation of a group in a period, both as text.
    ///
    /// # Errors
    /// Text that is no period, a number of labels that differs from the dimensions, and a cell that the series does not have.
    pub fn at(&self, period: &str, labels: &[&str]) -> Result<&Observation> {
        let parsed = Period::parse(period)?;
        if labels.len() != self.dimensions().len() {
            let wanted = self.dimensions().join(", ");
            return Err(Error::invalid(format!("{} labels given, but the dimensions are [{wanted}]; give one for each", labels.len())));
        }
        self.current().get(labels, parsed).ok_or_else(|| {
            let periods = self.observations().iter().map(|o| o.period);
            let range = match (periods.clone().min(), periods.max()) {
                (Some(first), Some(last)) => format!("; it holds periods from {first} to {last}"),
                _ => "; it is empty".to_owned(),
            };
            let named = self.dimensions().iter().zip(labels).map(|(dimension, label)| format!(" {dimension}={label}"));
            Error::invalid(format!("the series has no observation for {period}{}{range}", named.collect::<String>()))
        })
    }
}
