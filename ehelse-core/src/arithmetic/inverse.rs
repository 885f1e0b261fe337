//! Inverses of distribution functions by halving an interval. Knows no distribution.

use crate::error::{Error, Result};

/// Refuses what is no probability of an interval.
pub(crate) fn check_level(level: f64) -> Result<()> {
    if level > 0.0 && level < 1.0 {
        return Ok(());
    }
    Err(Error::invalid(format!("`level` is {level}; write a number between 0 and 1, such as 0.95")))
}

/// Where an increasing function on the numbers from 0 on reaches a value, to the last digit that a float has.
pub(super) fn increasing(function: impl Fn(f64) -> f64, value: f64) -> f64 {
    let mut high = 1.0;
    while function(high) < value && high < 1e300 {
        high *= 2.0;
    }
    let mut low = 0.0;
    // Each step halves the interval: it ends when no number lies between.
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return middle;
        }
        if function(middle) < value { low = middle } else { high = middle }
    }
}
