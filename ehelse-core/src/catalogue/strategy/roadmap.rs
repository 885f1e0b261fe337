//! How much of the roadmap is delivered at a date. Reads no file.

use std::collections::BTreeMap;

use super::{RoadmapItem, RoadmapStatus};
use crate::arithmetic::ratio::ratio;
use crate::calendar::Period;
use crate::catalogue::Catalogue;
use crate::error::Result;
use crate::series::{AddsUp, Components, Head, Measured, Observation, Series, TOTAL};

impl Catalogue {
    /// The deliverables of the roadmap that are delivered, in per cent of those whose work has begun, by goal and in total.
    ///
    /// The date is the last day of `at`. An item has begun from the first day of its `from` on, and is delivered when the last day
    /// of its `delivered` is not later than the date; it stays in the denominator after that. Items that were stopped count nowhere.
    /// Of an item that stands in several editions the latest counts. The observation has numerator and denominator; a goal of which
    /// nothing has begun is missing with its reason, and without any item the series is empty and says so.
    ///
    /// # Errors
    /// None; the result is fallible like those of other series.
    ///
    /// ```
    /// use ehelse_core::{Catalogue, Period};
    /// let delivered = Catalogue::builtin().roadmap_delivered(Period::parse("2024-12-31")?)?;
    /// assert!(delivered.is_empty() && delivered.head().notes[0].contains("no roadmap items"));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn roadmap_delivered(&self, at: Period) -> Result<Series> {
        let date = at.days().last;
        let mut goals: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
        for item in self.latest(&self.roadmap, |item| (&item.id, &item.edition)) {
            if item.status == RoadmapStatus::Stopped {
                continue;
            }
            let is_delivered = |item: &RoadmapItem| item.delivered.is_some_and(|delivered| delivered.days().last <= date);
            for goal in [item.goal.as_str(), TOTAL] {
                let (delivered, begun) = goals.entry(goal).or_default();
                if item.from.days().first <= date {
                    *begun += 1.0;
                    *delivered += if is_delivered(item) { 1.0 } else { 0.0 };
                }
            }
        }
        let observations = goals.iter().map(|(goal, (delivered, begun))| share(at, goal, *delivered, *begun)).collect::<Result<_>>()?;
        let note = if goals.is_empty() {
            "the catalogue holds no roadmap items; load a file that has them"
        } else {
            "deliverables in per cent of those whose work has begun; stopped ones are left out"
        };
        let measured = Measured {
            name: "delivered".to_owned(),
            unit: "percent".to_owned(),
            frequency: at.frequency(),
            dimensions: vec!["goal".to_owned()],
            adds_up: AddsUp::Nowhere,
            cumulative: false,
            valid: None,
            lifted: Vec::new(),
            observations,
            vintages: Vec::new(),
        };
        Ok(Series::new(Head { notes: vec![note.to_owned()], ..Head::default() }, vec![measured]))
    }
}

fn share(at: Period, goal: &str, delivered: f64, begun: f64) -> Result<Observation> {
    let share = ratio(&[Some(delivered)], &[Some(begun)], 100.0)?;
    let value = share.first().and_then(|outcome| outcome.as_ref().ok()).copied();
    let components = Components { numerator: Some(delivered), denominator: Some(begun), ..Components::default() };
    let cell = Observation { components: Some(Box::new(components)), ..Observation::new(at, value).labelled(&[goal]) };
    Ok(if value.is_none() { Observation { reason: Some("no deliverable has begun (ruling 24)".into()), ..cell } } else { cell })
}
