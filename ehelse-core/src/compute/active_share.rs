//! The share of the units of a register that were seen in a day or a week (ruling 18). Holds no formula.

use super::finish::{self, Coverage, Filled};
use super::finishing::Finishing;
use super::plan::Aggregation;
use crate::calendar::{Frequency, Period};
use crate::error::{Error, Result};
use crate::kernel::{Kept, KernelName, Reads, Values};
use crate::operations::{PeriodMeanOptions, ShareOptions};
use crate::series::{Head, Series};

/// The units of the register `register` that `seen` saw, in per cent of those that exist at the end of each day or week; a longer
/// period has the mean of its days or weeks.
pub(super) fn active_share(
    (seen, register): (&Finishing<'_>, &Finishing<'_>),
    coverage: &Coverage,
    frequency: Frequency,
    head: &Head,
) -> Result<Series> {
    let (plan, events, units) = (seen.plan, seen.aggregation, register.aggregation);
    let mut own = head.clone();
    let exist = finish::measured(register, Some(coverage), ("units", "units"), &mut own)?;
    let (Some(Kept::Sightings(sightings)), Some(Kept::Active(active))) = (seen.kept(), register.kept()) else {
        return Err(Error::computation("a share of active units needs distinct ids and a register"));
    };
    let named = |error: Error| events.reads(Reads::Id).map_or(error.clone(), |id| error.in_column(id));
    active.kind().with(sightings.kind()).map_err(named)?;
    let layout = finish::layout(register)?;
    finish::check_cells(plan, coverage.periods(frequency).count() as u64, layout.outputs.len() as u64)?;
    let day_of = |slot: i32| coverage.covered.last_in(Period::from_ordinal(frequency, slot).days());
    let (cells, unknown) = active.spells.seen(&sightings.wide(), &layout, day_of, seen.pulse)?;
    if unknown > 0 {
        own.warnings.push(format!("{unknown} units with events are not in the register; they are counted nowhere (ruling 18)"));
    }
    own.counts = seen.counts;
    // Seen units are counted as events are, in the groups of the register.
    let rule = KernelName::Count.rule(&serde_json::Map::new())?;
    let counted = Aggregation { rule, by: units.by.clone(), frequency, ..events.clone() };
    let filled = Filled::new(plan, &counted, coverage, &layout, Values::Counts(cells))?;
    let mut observations = Vec::new();
    filled.append_to(&mut observations, &layout, None)?;
    let seen = Series::new(own.clone(), vec![finish::shell(&counted, ("seen", "units"), observations)]);
    let exist = Series::new(own, vec![exist]);
    let share = seen.share_of(&exist, &ShareOptions { allow_units: true, ..ShareOptions::default() })?;
    if frequency == plan.frequency { Ok(share) } else { share.period_mean(&PeriodMeanOptions { frequency: Some(plan.frequency) }) }
}
