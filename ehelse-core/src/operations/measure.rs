//! Another measure of the same computation, by name. Holds no formula.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::operation::{OperationOf, OperationSpec};
use crate::error::Result;
use crate::series::Series;

/// Options of [`Series::measure`].
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeasureOptions {
    /// The name of the measure.
    #[schemars(example = &"share")]
    name: String,
}

impl OperationOf for MeasureOptions {
    const SPEC: &'static OperationSpec =
        &OperationSpec { first: Some("name"), ..OperationSpec::new("measure", "Another measure of the same computation.") };

    fn apply(&self, series: &Series, _: Option<&Series>) -> Result<Series> {
        series.measure(&self.name)
    }
}
