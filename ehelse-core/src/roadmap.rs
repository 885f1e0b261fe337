//! How much of the roadmap is delivered at a date: the entry `strategy.roadmap`, computed from the items of a catalogue.

use crate::calendar::Period;
use crate::catalogue::{Catalogue, RoadmapItem, RoadmapStatus};
use crate::column::{Batch, Bits, Column, Values};
use crate::compute::{Computation, Options};
use crate::error::Result;
use crate::series::Series;

/// The entry that says what counts.
const ENTRY: &str = "strategy.roadmap";

impl Catalogue {
    /// The deliverables of the roadmap that are delivered, in per cent of those whose work has begun, by goal and in total.
    ///
    /// It is the entry `strategy.roadmap`, computed from the items of the catalogue for the last day of `at`: an item has begun from
    /// the first day of its `from` on, and is delivered from the last day of its `delivered` on. Items that were stopped count
    /// nowhere, since no day of it is stated. Of an item that stands in several editions the latest counts. A goal of which nothing
    /// has begun is missing with its reason, and without any item the series is empty and says so. Linear in the number of items.
    ///
    /// # Errors
    /// A period that the entry does not have, such as `undated`.
    ///
    /// ```
    /// use ehelse_core::{Catalogue, Period};
    /// let delivered = Catalogue::builtin().roadmap_delivered(Period::parse("2024-12-31")?)?;
    /// assert!(delivered.is_empty() && delivered.head().notes.iter().any(|note| note.contains("no roadmap items")));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn roadmap_delivered(&self, at: Period) -> Result<Series> {
        let latest = self.latest(self.roadmap(), |item| (&item.id, &item.edition));
        let items: Vec<&RoadmapItem> = latest.into_iter().filter(|item| item.status != RoadmapStatus::Stopped).collect();
        let mut options = Options::default().frequency(at.frequency());
        if !items.is_empty() {
            options = options.coverage(&at.days().to_string());
        }
        // An edition from before the strategy has no items, and no such entry either.
        let entry = self.indicator(ENTRY).or_else(|_| Self::builtin().indicator(ENTRY))?;
        let mut run = Computation::new(entry, &options)?;
        let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
        let goals: Vec<&str> = items.iter().map(|item| item.goal.as_str()).collect();
        let from: Vec<i32> = items.iter().map(|item| item.from.days().first).collect();
        let delivered: Vec<i32> = items.iter().map(|item| item.delivered.map_or(0, |period| period.days().last)).collect();
        let mut is_delivered = vec![0_u8; items.len().div_ceil(8)];
        for (i, _) in items.iter().enumerate().filter(|(_, item)| item.delivered.is_some()) {
            is_delivered[i / 8] |= 1 << (i % 8);
        }
        let delivered = Column::new(Values::Days(&delivered)).validity(Bits::new(&is_delivered, 0, items.len()));
        run.update(
            &Batch::new(items.len()).ids("item", &ids[..]).labels("goal", &goals[..]).days("from", &from).column("delivered", delivered),
        )?;
        let note = if items.is_empty() {
            "the catalogue holds no roadmap items; load a file that has them"
        } else {
            "stopped deliverables are left out"
        };
        Ok(run.finish()?.with_head(|head| head.notes.push(note.to_owned())))
    }
}
