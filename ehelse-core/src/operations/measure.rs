//! Another measure of the same computation, by name. Holds no formula.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::operation::{Apply, OperationOf};

/// Options of [`Series::measure`](crate::Series::measure).
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeasureOptions {
    /// The name of the measure.
    #[schemars(example = &"share")]
    name: String,
}

impl OperationOf for MeasureOptions {
    const NAME: &'static str = "measure";
    const WORDS: &'static str = "Another measure of the same computation.";
    const FIRST: Option<&'static str> = Some("name");
    const APPLY: Apply<Self> = Apply::One(|series, options| series.measure(&options.name));
}
