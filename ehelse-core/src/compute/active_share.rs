//! The share of the units of a register that were seen in a day or a week (ruling 18). Holds no formula.

use super::finish::{self, Filled, Reach};
use super::plan::{Plan, Station, What};
use super::state::State;
use super::tally::{ByKey, Tally, Values};
use crate::calendar::{Frequency, Period};
use crate::error::{Error, Result};
use crate::observer::Pulse;
use crate::operations::{PeriodMeanOptions, ShareOptions};
use crate::series::{Head, Series};

/// The units of the register `register` that the station `seen` saw, in per cent of those that exist at the end of each day or week;
/// a longer period has the mean of its days or weeks.
pub(super) fn active_share(
    plan: &Plan,
    state: &State,
    reach: &Reach,
    (seen, register): (usize, usize),
    frequency: Frequency,
    head: &Head,
    pulse: &Pulse,
) -> Result<Series> {
    let station = |index: usize| (&plan.stations[index], state.of(&plan.stations[index]));
    let ((events, event_state), (units, unit_state)) = (station(seen), station(register));
    let mut own = head.clone();
    let exist = finish::measured(plan, (units, unit_state), Some(reach), ("units", "units"), &mut own, pulse)?;
    let (tally, counts, _) = event_state.settled(events, pulse)?;
    let (Tally::Sightings(kind, sightings), Tally::Active(active)) = (&*tally, &unit_state.tally) else {
        return Err(Error::computation("a share of active units needs distinct ids and a register"));
    };
    let named = |error: Error| events.id.as_ref().map_or(error.clone(), |id| error.in_column(id));
    active.kind().with(*kind).map_err(named)?;
    let wide;
    let sightings = match sightings {
        ByKey::Wide(wide) => wide,
        ByKey::Narrow(narrow) => {
            wide = narrow.widen(*kind);
            &wide
        }
    };
    let layout = finish::layout(plan, (units, unit_state), pulse)?;
    finish::check_cells(plan, reach.periods(frequency).count() as u64, layout.outputs.len() as u64)?;
    let day_of = |slot: i32| reach.covered.last_in(Period::from_ordinal(frequency, slot).days());
    let (cells, unknown) = active.spells.seen(sightings, &layout, day_of, pulse)?;
    if unknown > 0 {
        own.warnings.push(format!("{unknown} units with events are not in the register; they are counted nowhere (ruling 18)"));
    }
    own.counts = counts;
    // Seen units are counted as events are, in the groups of the register.
    let counted = Station { what: What::Count { cumulative: false }, by: units.by.clone(), frequency, ..events.clone() };
    let filled = Filled::new(plan, &counted, reach, &layout, Values::Counts(cells))?;
    let observations = filled.all(&layout)?;
    let seen = Series::new(own.clone(), vec![finish::shell(&counted, ("seen", "units"), observations)]);
    let exist = Series::new(own, vec![exist]);
    let share = seen.share_of(&exist, &ShareOptions { allow_units: true, ..ShareOptions::default() })?;
    if frequency == plan.frequency { Ok(share) } else { share.period_mean(&PeriodMeanOptions { frequency: Some(plan.frequency) }) }
}
