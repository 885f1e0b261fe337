//! What is gained where all rows are there at once: how they lie is found out before they are read. Decides no result.

use super::plan::{Plan, Station, What};
use super::read;
use crate::column::Batch;
use crate::error::Result;
use crate::observer::Pulse;

/// The plan for these batches by input, and no others: visits of rows in order of time are counted at once.
pub(super) fn plan(plan: &Plan, inputs: &[Vec<&Batch<'_>>], pulse: &Pulse) -> Result<Plan> {
    let mut plan = plan.clone();
    for (input, batches) in inputs.iter().enumerate() {
        let keeps_rows = |station: &Station| station.event.as_deref().is_some_and(|event| batches.iter().any(|batch| batch.has(event)));
        let visits: Vec<&Station> =
            plan.stations.iter().filter(|station| station.input == input && matches!(station.what, What::Visits { .. })).collect();
        if !visits.is_empty() && !visits.into_iter().any(keeps_rows) && read::in_order(&plan, input, batches, pulse)? {
            plan.inputs[input].in_order = true;
        }
    }
    Ok(plan)
}
