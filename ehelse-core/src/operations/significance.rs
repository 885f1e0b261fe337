//! What the standard errors of two shares say of their difference (ruling 36). Holds no formula.

use super::ChangeOptions;
use crate::arithmetic::inverse::check_level;
use crate::arithmetic::z_test::{ZTest, standard_error, z_test};
use crate::error::{Error, Result};
use crate::series::{Components, Observation, Reason};

/// Refuses options that no test can be made with.
pub(super) fn check(options: &ChangeOptions) -> Result<()> {
    check_level(options.level)?;
    match options.covariance {
        Some(covariance) if !covariance.is_finite() => Err(Error::invalid(format!("option `covariance` is {covariance}; write a number"))),
        None if options.overlapping => Err(Error::invalid(
            "the samples overlap: their estimates are not independent; give `covariance`, in percentage points squared (ruling 36)",
        )),
        _ => Ok(()),
    }
}

/// Adds the standard error, interval and p-value of a difference in percentage points; says why, where only a part can be had.
pub(super) fn test(
    components: &mut Components,
    difference: f64,
    ends: [&Observation; 2],
    options: &ChangeOptions,
) -> Result<Option<Reason>> {
    let error = |end: &Observation| end.components.as_ref().and_then(|c| c.standard_error);
    let (a, b) = match ends.map(error) {
        [Some(a), Some(b)] => (a, b),
        [None, None] => return Ok(None),
        [a, _] => {
            let without = if a.is_none() { ends[0].period } else { ends[1].period };
            return Ok(Some(Reason::NoStandardError { period: without }));
        }
    };
    let error = standard_error(a, b, options.covariance.unwrap_or(0.0))?;
    components.standard_error = Some(error);
    let Some(ZTest { lower, upper, p_value }) = z_test(difference, error, options.level)? else {
        return Ok(Some(Reason::ZeroStandardError));
    };
    (components.lower, components.upper, components.p_value) = (Some(lower), Some(upper), Some(p_value));
    Ok(None)
}

#[cfg(test)]
mod tests {
    use approx::assert_abs_diff_eq;

    use super::*;
    use crate::ChangeMeasure;
    use crate::calendar::{Frequency, Period};
    use crate::operations::sample::reason;
    use crate::series::{Flag, Series};

    /// Waves with a value and a standard error.
    fn waves(unit: &str, rows: &[(&str, f64, Option<f64>)]) -> Series {
        let wave = |(period, value, error): &(&str, f64, Option<f64>)| {
            Observation::new(Period::parse(period).unwrap(), Some(*value)).with(|c| c.standard_error = *error)
        };
        Series::reported(unit, Frequency::Year, &[], rows.iter().map(wave).collect()).unwrap()
    }

    fn absolute() -> ChangeOptions {
        ChangeOptions { measure: ChangeMeasure::Absolute, ..ChangeOptions::default() }
    }

    fn parts(change: &Series) -> [Option<f64>; 4] {
        let cell = &change.observations().last().unwrap().components;
        cell.as_deref().map(|c| [c.standard_error, c.lower, c.upper, c.p_value]).unwrap_or_default()
    }

    fn assert_parts(change: &Series, known: [f64; 4]) {
        assert_abs_diff_eq!(parts(change).map(Option::unwrap)[..], known[..], epsilon = 1e-12);
    }

    #[test]
    fn independent_waves() -> Result<()> {
        // 10 points with √(3² + 4²) = 5: z = 2, and 1.96 or 1.645 times 5 on either side.
        let series = waves("percent", &[("2018", 40.0, Some(3.0)), ("2019", 50.0, Some(4.0))]);
        let change = series.change(&absolute())?;
        let (half, p) = (5.0 * 1.959_963_984_540_054, 0.045_500_263_896_358_41);
        assert_parts(&change, [5.0, 10.0 - half, 10.0 + half, p]);
        assert_eq!((change.unit(), change.at("2018", &[])?.components.as_deref().cloned()), ("percentage_points", None));
        let half = 5.0 * 1.644_853_626_951_472_7;
        let narrow = series.change(&ChangeOptions { level: 0.9, ..absolute() })?;
        assert_parts(&narrow, [5.0, 10.0 - half, 10.0 + half, p]);
        let table = crate::table::table(&change);
        let known = table.column("p_value").unwrap();
        assert!(matches!(known, crate::table::Values::Numbers(p) if p[0].is_none() && p[1].is_some()));
        assert_eq!(Series::read(&mut crate::bytes::Reader::new(&change.bytes()))?.observations(), change.observations());
        Ok(())
    }

    #[test]
    fn overlapping_waves_need_a_covariance() -> Result<()> {
        // 3² + 4² − 2 · 4.5 = 16: z = 2.5.
        let series = waves("percent", &[("2018", 40.0, Some(3.0)), ("2019", 50.0, Some(4.0))]);
        let overlapping = |covariance| ChangeOptions { overlapping: true, covariance, ..absolute() };
        let half = 4.0 * 1.959_963_984_540_054;
        let p = 0.012_419_330_651_552_265;
        assert_parts(&series.change(&overlapping(Some(4.5)))?, [4.0, 10.0 - half, 10.0 + half, p]);
        for (options, what) in [
            (overlapping(None), "give `covariance`"),
            (overlapping(Some(12.5)), "allow 12"),
            (overlapping(Some(f64::NAN)), "`covariance` is NaN"),
            (ChangeOptions { level: 95.0, ..absolute() }, "`level` is 95"),
        ] {
            let error = series.change(&options).unwrap_err();
            assert!(error.is_invalid_input() && error.to_string().contains(what), "{error}");
        }
        Ok(())
    }

    #[test]
    fn what_has_no_test() -> Result<()> {
        let known = [("2017", 40.0, None), ("2018", 30.0, Some(0.0)), ("2019", 50.0, Some(0.0))];
        let series = waves("percent", &known);
        let change = series.change(&absolute())?;
        assert_eq!(reason(&change, "2018"), "no interval and no p-value: 2017 has no standard error (ruling 36)");
        assert_eq!(reason(&change, "2019"), "no interval and no p-value: the standard error of the change is zero (ruling 36)");
        assert_eq!(parts(&change), [Some(0.0), None, None, None]);
        assert_eq!(waves("percent", &[("2018", 1.0, None), ("2019", 2.0, None)]).change(&absolute())?.at("2019", &[])?.reasons.len(), 0);
        let errors = [("2018", 40.0, Some(3.0)), ("2019", 50.0, Some(4.0))];
        let nothing = [None; 4];
        assert_eq!(parts(&waves("percent", &errors).change(&ChangeOptions::default())?), nothing, "relative");
        assert_eq!(parts(&waves("percentage_points", &errors).change(&absolute())?), nothing, "changes share a wave");
        let broken = Series::reported(
            "percent",
            Frequency::Year,
            &[],
            waves("percent", &errors).observations().iter().map(|o| o.clone().flagged(Flag::B)).collect(),
        )?;
        assert_eq!(parts(&broken.change(&absolute())?), nothing, "a break lies between");
        let unbroken = waves("percent", &errors).change(&absolute())?;
        assert_parts(&broken.change(&ChangeOptions { allow_breaks: true, ..absolute() })?, parts(&unbroken).map(Option::unwrap));
        Ok(())
    }
}
