//! What the answers of a domain weigh, and the estimate that follows. Knows no design.

use super::estimate::{Estimate, Part, Standing};
use crate::arithmetic::exact::Exact;
use crate::arithmetic::proportion;
use crate::error::Result;
use crate::series::Reason;

/// Sums over the answers of a domain.
#[derive(Debug, Clone, Default)]
pub(super) struct ExactSums {
    counted: Exact,
    rest: Exact,
    square: Exact,
    base: u64,
    base_counted: u64,
}

/// The same, rounded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sums {
    pub(super) counted: f64,
    pub(super) rest: f64,
    pub(super) total: f64,
    pub(super) square: f64,
    pub(super) base: u64,
    pub(super) base_counted: u64,
}

impl ExactSums {
    pub(super) fn add(&mut self, part: &Part) {
        match part.standing {
            Standing::Counted => self.counted.add_float(part.weight),
            Standing::Answered => self.rest.add_float(part.weight),
            Standing::Silent => return,
        }
        self.square.add_float(part.square);
        self.base += part.rows;
        self.base_counted += if part.standing == Standing::Counted { part.rows } else { 0 };
    }

    pub(super) fn sums(mut self) -> Result<Sums> {
        let (counted, rest, square) = (self.counted.value()?, self.rest.value()?, self.square.value()?);
        self.counted.merge(&self.rest)?;
        Ok(Sums { counted, rest, total: self.counted.value()?, square, base: self.base, base_counted: self.base_counted })
    }
}

impl Sums {
    /// The estimate with a standard error, or why there is none, and the quantile of the degrees of freedom, where there are any.
    pub(super) fn estimate(&self, standard_error: std::result::Result<f64, Reason>, quantile: Option<f64>, level: f64) -> Result<Estimate> {
        let (base, counted) = (self.base, self.base_counted);
        let mut found = Estimate { numerator: self.counted, denominator: self.total, base, counted, ..Estimate::default() };
        if self.total == 0.0 {
            let why = if self.base == 0 { Reason::NoAnswers } else { Reason::WeightlessAnswers };
            return Ok(Estimate { reason: Some(why), ..found });
        }
        let (p, q) = (self.counted / self.total, self.rest / self.total);
        let effective = proportion::effective_base(self.total, self.square);
        (found.value, found.effective_base) = (Some(p), Some(effective));
        match (standard_error, quantile) {
            (Err(why), _) => found.reason = Some(why),
            (Ok(error), None) => {
                found.standard_error = Some(error);
                found.reason = Some(Reason::NoDegreesOfFreedom);
            }
            (Ok(error), Some(quantile)) => {
                found.standard_error = Some(error);
                let ends = if self.counted == 0.0 || self.rest == 0.0 {
                    let reach = proportion::clopper_pearson_reach(effective, level)?;
                    let (at, ends) = if self.rest == 0.0 { (100, (1.0 - reach, 1.0)) } else { (0, (0.0, reach)) };
                    found.reason = Some(Reason::ClopperPearson { at });
                    ends
                } else {
                    proportion::logit_interval(p, q, error, quantile)
                };
                (found.lower, found.upper) = (Some(ends.0), Some(ends.1));
            }
        }
        Ok(found)
    }
}
