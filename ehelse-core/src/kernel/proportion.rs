//! Proportion: the weighted share of those who gave a counted answer, with its standard error, interval and effective base.
//!
//! Rule (rulings 34–36): Σ weight over the counted answers / Σ weight over the answers. Groups and those who did not answer are
//! domains: the variance is that of the full design with zero influence outside the domain, by Taylor linearisation, with
//! replacement between primary units, clusters nested in strata. The interval is t with (primary units − strata) degrees of
//! freedom on the logit scale; at 0 or 100 % that of Clopper and Pearson with the effective number of answers.
//!
//! ```text
//!   stratum  cluster  group  answer   weight          group a: 40 %, standard error, interval, base 5, effective base 4.8
//!   north    1        a      counted  2          ──▶  group b: …
//!   north    1        b      none     1               total:   …
//!   south    7        a      other    3
//! ```
//!
//! R's survey package agrees: `svyciprop(~y, subset(design, group & answered), method = "logit", level, df = …)` with
//! `df` = primary units − strata of the *full* design. That is `degf(design)`, but for primary units all of whose weights are
//! zero, which R leaves out; left to itself, R takes `degf` of the subset, which has fewer.
//!
//! Cost: the parts are sorted; then each stratum takes its primary units times the square of the domains in it.

mod answers;
mod design;
mod difference;
mod estimate;
#[cfg(test)]
mod tests;
mod weights;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use difference::Difference;
pub use estimate::{Estimate, Estimates, LonelyPsu, Part, RELIABLE_BASE, Standing, Survey, estimate};
pub use weights::{ExactWeight, Weighed, Weights};

use super::Kept;
use super::spec::{Empty, Kernel, Need, Nulls, ParametersOf, Reads, Role, Spec, Unit};
use crate::calendar::Frequency;
use crate::column::RoleType;
use crate::error::{Error, Result};
use crate::options::{Code, Several, codes};
use crate::series::AddsUp;

/// Which answers make the proportion, and how it is estimated (rulings 34–36).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {
    /// The codes of the answers, where the catalogue does not say them.
    #[schemars(extend("examples" = [["yes", "no", "do_not_know"]]))]
    #[serde(deserialize_with = "codes")]
    #[schemars(with = "Several<Code>")]
    pub(crate) answers: Several<String>,
    /// The answers that make the proportion; without them every answer has its own.
    #[schemars(example = &"yes")]
    #[serde(deserialize_with = "codes")]
    #[schemars(with = "Several<Code>")]
    pub(crate) counted: Several<String>,
    /// The answers that are none.
    #[schemars(extend("examples" = [["do_not_know"]]))]
    #[serde(deserialize_with = "codes")]
    #[schemars(with = "Several<Code>")]
    pub(crate) non_response: Several<String>,
    /// Whether every answer has its own proportion, in a dimension `answer`.
    pub(crate) each_answer: bool,
    /// Probability of the intervals.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1), example = 0.95)]
    pub(crate) level: f64,
    /// What becomes of a stratum with one primary unit.
    pub(crate) lonely_psu: LonelyPsu,
    /// The group from which those of all others differ, in a measure `difference`.
    #[schemars(example = &"men")]
    pub(crate) reference: Option<String>,
    /// The question, where rows do not say it.
    #[schemars(example = &"trust")]
    pub(crate) question: Option<String>,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            answers: Several::default(),
            counted: Several::default(),
            non_response: Several::default(),
            each_answer: false,
            level: 0.95,
            lonely_psu: LonelyPsu::Fail,
            reference: None,
            question: None,
        }
    }
}

impl Kernel for Parameters {
    const SPEC: &'static Spec = &Spec {
        name: "proportion",
        words: "Weight of the counted answers in per cent of the weight of all answers, with standard error and interval from the whole \
                design (rulings 34–36).",
        roles: &[
            Role::WAVE,
            Role {
                name: "answer",
                types: &[RoleType::Answer, RoleType::Label, RoleType::Flag],
                need: Need::Always,
                nulls: Nulls::Kept,
                reads: Reads::Inner,
                words: "The code of the answer, or true and false; null where there is none.",
            },
            Role::WEIGHT,
            Role { nulls: Nulls::Refused, ..Role::label("strata", Reads::Inner, "The stratum of the respondent.") },
            Role {
                nulls: Nulls::Refused,
                ..Role::label("cluster", Reads::Inner, "The primary unit of the respondent within the stratum.")
            },
            Role::label("question", Reads::Inner, "The question, where rows are of several."),
        ],
        unit: Unit::Usual("percent"),
        frequency: Frequency::Year,
        empty: Empty::Missing,
        sampled: true,
        ..Spec::USUAL
    };
}

impl Parameters {
    /// How proportions are estimated.
    pub(crate) fn survey(&self) -> Survey {
        Survey { level: self.level, lonely_psu: self.lonely_psu }
    }
}

impl ParametersOf for Parameters {
    fn check(&self) -> Result<()> {
        match self.counted.iter().find(|code| self.non_response.contains(code)) {
            Some(both) => Err(Error::invalid(format!("answer `{both}` cannot be counted and be no answer; leave it out of one"))),
            None => Ok(()),
        }
    }

    fn adds_up(&self) -> AddsUp {
        AddsUp::Nowhere
    }

    fn own_dimension(&self) -> Option<&'static str> {
        (self.each_answer || self.counted.is_empty()).then_some("answer")
    }

    fn state(&self, _in_order: bool) -> Kept {
        Kept::Weights(Weights::default())
    }

    fn checked_role(&self) -> Option<&'static str> {
        Some("answer")
    }

    fn check_label(&self, label: &str, allowed: &[String]) -> Result<()> {
        if allowed.is_empty() || allowed.iter().any(|known| known == label) {
            return Ok(());
        }
        let error = Error::unknown("answer", label, allowed.iter().map(String::as_str));
        Err(Error::invalid(format!("{error}; mend it, or state the `answers` (ruling 34)")))
    }

    fn check_weight(&self, weight: f64) -> Result<()> {
        weights::square(weight).map(drop)
    }
}
