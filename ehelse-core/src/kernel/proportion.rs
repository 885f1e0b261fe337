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

mod design;
#[cfg(test)]
mod tests;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::exact::Exact;
use crate::arithmetic::inverse::check_level;
use crate::arithmetic::z_test::{ZTest, z_test};
use crate::arithmetic::{proportion, student};
use crate::error::{Error, Result};
use design::Design;

/// A base of fewer answers is of low reliability (U).
pub const RELIABLE_BASE: u64 = 30;

/// How many domains one covariance is computed for: its size is their square.
const MAX_DOMAINS: usize = 4096;

/// What a respondent is to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Gave an answer that the proportion counts.
    Counted,
    /// Gave another answer.
    Answered,
    /// Gave none: in the design, and in no domain.
    Silent,
}

/// Respondents of one stratum, cluster, group and standing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// The stratum; all are 0 in a design without strata.
    pub stratum: u32,
    /// The cluster within the stratum; without one each respondent is a primary unit.
    pub cluster: Option<u32>,
    /// The group.
    pub group: u32,
    /// What they are to the question.
    pub standing: Standing,
    /// How many they are.
    pub rows: u64,
    /// Σ weight.
    pub weight: f64,
    /// Σ weight².
    pub square: f64,
}

/// What becomes of a stratum with one primary unit, which tells nothing of its variance; the words of R's `survey.lonely.psu`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LonelyPsu {
    /// A domain with answers in it has no standard error.
    #[default]
    Fail,
    /// Its deviation from the whole estimate is its variance.
    Adjust,
    /// It has none, as if it had been drawn for certain.
    Certainty,
    /// It has the mean of the other strata in which the domain has answers.
    Average,
}

/// How proportions are estimated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Survey {
    /// Probability of the intervals.
    pub level: f64,
    /// What becomes of strata with one primary unit.
    pub lonely_psu: LonelyPsu,
}

impl Default for Survey {
    fn default() -> Self {
        Self { level: 0.95, lonely_psu: LonelyPsu::Fail }
    }
}

/// The proportion of one domain. Shares, standard errors and intervals are from 0 to 1.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Estimate {
    /// The proportion; none without answers that weigh anything.
    pub value: Option<f64>,
    /// Σ weight over the counted answers.
    pub numerator: f64,
    /// Σ weight over the answers.
    pub denominator: f64,
    /// How many answers, those of weight zero among them.
    pub base: u64,
    /// How many of these are counted, which disclosure control must know.
    pub counted: u64,
    /// Kish's effective number of answers.
    pub effective_base: Option<f64>,
    /// Linearised standard error.
    pub standard_error: Option<f64>,
    /// Lower end of the interval.
    pub lower: Option<f64>,
    /// Upper end of the interval.
    pub upper: Option<f64>,
    /// Why there is no value, standard error or interval, or why the interval is of another kind.
    pub reason: Option<String>,
}

/// The proportions of a wave.
#[derive(Debug, Clone)]
pub struct Estimates {
    /// One for each domain.
    pub domains: Vec<Estimate>,
    /// Linearised covariance between domains; NaN beside a domain without a standard error.
    pub covariance: Array2<f64>,
    /// Degrees of freedom: primary units less strata of the full design.
    pub degrees: i64,
    /// The strata with one primary unit, in order.
    pub lonely: Vec<u32>,
}

/// The difference of two domains of one wave, from −1 to 1.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Difference {
    /// The first less the second; none where one is missing.
    pub value: Option<f64>,
    /// Standard error by the linearised covariance.
    pub standard_error: Option<f64>,
    /// Lower end of the normal interval.
    pub lower: Option<f64>,
    /// Upper end of the normal interval.
    pub upper: Option<f64>,
    /// Two-sided p-value of no difference.
    pub p_value: Option<f64>,
    /// Why something is missing.
    pub reason: Option<String>,
}

/// What the answers of a domain weigh.
#[derive(Debug, Clone, Default)]
struct Answers {
    counted: Exact,
    rest: Exact,
    square: Exact,
    base: u64,
    base_counted: u64,
}

/// The same, rounded.
#[derive(Debug, Clone, Copy)]
struct Sums {
    counted: f64,
    rest: f64,
    total: f64,
    square: f64,
    base: u64,
    base_counted: u64,
}

impl Answers {
    fn add(&mut self, part: &Part) {
        match part.standing {
            Standing::Counted => self.counted.add_float(part.weight),
            Standing::Answered => self.rest.add_float(part.weight),
            Standing::Silent => return,
        }
        self.square.add_float(part.square);
        self.base += part.rows;
        self.base_counted += if part.standing == Standing::Counted { part.rows } else { 0 };
    }

    fn sums(mut self) -> Result<Sums> {
        let (counted, rest, square) = (self.counted.value()?, self.rest.value()?, self.square.value()?);
        self.counted.merge(&self.rest)?;
        Ok(Sums { counted, rest, total: self.counted.value()?, square, base: self.base, base_counted: self.base_counted })
    }
}

/// The proportions of all domains of one question in one wave.
///
/// `outputs[group]` lists the domains, numbered from 0, that a group belongs to: itself and the totals over it. Parts may come in
/// any order: the result is the same to the last bit, as long as groups, strata and clusters bear the same numbers. Several parts
/// may have the same group and standing, such as one for each answer. Silent parts and those of weight zero have primary units, too.
/// A missing proportion, standard error or interval has its reason in the estimate.
///
/// # Errors
/// A level that is not between 0 and 1; groups and domains that are not there, weights that are negative or not finite; more than
/// 4096 domains.
///
/// ```
/// use ehelse_core::kernel::proportion::{Part, Standing, Survey, estimate};
/// let part = |standing, rows| Part { stratum: 0, cluster: None, group: 0, standing, rows, weight: rows as f64, square: rows as f64 };
/// let parts = [part(Standing::Counted, 40), part(Standing::Answered, 60), part(Standing::Silent, 25)];
/// let survey = estimate(&parts, &[vec![0]], 1, &Survey::default())?;
/// let share = &survey.domains[0];
/// assert_eq!((share.value, share.base, share.effective_base, survey.degrees), (Some(0.4), 100, Some(100.0), 124));
/// // Without a design and with equal weights: the textbook's √(p q / n), times n / (n − 1) of all asked.
/// assert!((share.standard_error.unwrap() - (0.4 * 0.6 / 100.0 * 125.0 / 124.0_f64).sqrt()).abs() < 1e-15);
/// # Ok::<(), ehelse_core::Error>(())
/// ```
pub fn estimate(parts: &[Part], outputs: &[Vec<u32>], domains: usize, survey: &Survey) -> Result<Estimates> {
    check_level(survey.level)?;
    let parts = sorted(parts, outputs, domains)?;
    let mut answers = vec![Answers::default(); domains];
    for part in &parts {
        outputs[part.group as usize].iter().for_each(|domain| answers[*domain as usize].add(part));
    }
    let sums = answers.into_iter().map(Answers::sums).collect::<Result<Vec<Sums>>>()?;
    let design = Design::new(&parts, outputs, &sums, survey.lonely_psu);
    let quantile = u64::try_from(design.degrees).ok().filter(|degrees| *degrees > 0);
    let quantile = quantile.map(|degrees| student::two_sided(survey.level, degrees)).transpose()?;
    let found = sums.iter().enumerate().map(|(domain, sums)| sums.estimate(design.standard_error(domain), quantile, survey.level));
    let domains = found.collect::<Result<_>>()?;
    Ok(Estimates { domains, covariance: design.covariance, degrees: design.degrees, lonely: design.lonely })
}

/// The parts in an order that their content alone decides.
fn sorted<'a>(parts: &'a [Part], outputs: &[Vec<u32>], domains: usize) -> Result<Vec<&'a Part>> {
    if domains > MAX_DOMAINS {
        let what = format!("{domains} groups of one survey, of which {MAX_DOMAINS} can be compared at a time");
        return Err(Error::computation(format!("{what}; give fewer dimensions, or no totals")));
    }
    if outputs.iter().flatten().any(|domain| *domain as usize >= domains) {
        return Err(Error::invalid(format!("a group is of a domain that is not one of the {domains}")));
    }
    let weighs = |x: f64| x.is_finite() && x >= 0.0;
    for part in parts {
        if part.group as usize >= outputs.len() {
            return Err(Error::invalid(format!("group {} is not one of the {} groups", part.group, outputs.len())));
        }
        if !weighs(part.weight) || !weighs(part.square) {
            return Err(Error::invalid("weights are finite and not negative (ruling 41)"));
        }
    }
    let mut parts: Vec<&Part> = parts.iter().filter(|part| part.rows > 0).collect();
    let key =
        |part: &Part| (part.stratum, part.cluster, part.group, part.standing, part.rows, part.weight.to_bits(), part.square.to_bits());
    parts.sort_unstable_by_key(|part| key(part));
    Ok(parts)
}

impl Sums {
    fn estimate(&self, standard_error: std::result::Result<f64, String>, quantile: Option<f64>, level: f64) -> Result<Estimate> {
        let (base, counted) = (self.base, self.base_counted);
        let mut found = Estimate { numerator: self.counted, denominator: self.total, base, counted, ..Estimate::default() };
        if self.total == 0.0 {
            let why = if self.base == 0 { "no answers (ruling 35)" } else { "the weights of the answers add up to zero (ruling 24)" };
            return Ok(Estimate { reason: Some(why.to_owned()), ..found });
        }
        let (counted, rest, effective) =
            (self.counted / self.total, self.rest / self.total, proportion::effective_base(self.total, self.square));
        (found.value, found.effective_base) = (Some(counted), Some(effective));
        match (standard_error, quantile) {
            (Err(why), _) => found.reason = Some(why),
            (Ok(error), None) => {
                found.standard_error = Some(error);
                found.reason = Some("no interval: the design has no degrees of freedom (ruling 35)".to_owned());
            }
            (Ok(error), Some(quantile)) => {
                found.standard_error = Some(error);
                let ends = if self.counted == 0.0 || self.rest == 0.0 {
                    let (reach, at) = (proportion::clopper_pearson_reach(effective, level)?, if self.rest == 0.0 { "100" } else { "0" });
                    found.reason =
                        Some(format!("at {at} % the interval is that of Clopper and Pearson with the effective base (ruling 35)"));
                    if self.rest == 0.0 { (1.0 - reach, 1.0) } else { (0.0, reach) }
                } else {
                    proportion::logit_interval(counted, rest, error, quantile)
                };
                (found.lower, found.upper) = (Some(ends.0), Some(ends.1));
            }
        }
        Ok(found)
    }
}

impl Estimates {
    /// The difference of two domains of this wave, by their linearised covariance, with its normal interval and two-sided p-value
    /// (ruling 36).
    ///
    /// # Errors
    /// A level that is not between 0 and 1, and domains that are not there.
    ///
    /// ```
    /// use ehelse_core::kernel::proportion::{Part, Standing::*, Survey, estimate};
    /// let part = |group, standing, rows: u64| Part { stratum: 0, cluster: None, group, standing, rows, weight: rows as f64, square: rows as f64 };
    /// let parts = [part(0, Counted, 60), part(0, Answered, 40), part(1, Counted, 50), part(1, Answered, 50)];
    /// let difference = estimate(&parts, &[vec![0], vec![1]], 2, &Survey::default())?.difference(0, 1, 0.95)?;
    /// assert!((difference.value.unwrap() - 0.1).abs() < 1e-15);
    /// assert!((difference.standard_error.unwrap() - (0.49 / 100.0 * 200.0 / 199.0_f64).sqrt()).abs() < 1e-15);
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn difference(&self, a: usize, b: usize, level: f64) -> Result<Difference> {
        check_level(level)?;
        let domain = |at: usize| self.domains.get(at).ok_or_else(|| Error::invalid(format!("domain {at} is not in the survey")));
        let (first, second) = (domain(a)?, domain(b)?);
        let mut found = Difference::default();
        let (Some(x), Some(y)) = (first.value, second.value) else {
            found.reason = first.reason.clone().filter(|_| first.value.is_none()).or_else(|| second.reason.clone());
            return Ok(found);
        };
        found.value = Some(x - y);
        if first.standard_error.is_none() || second.standard_error.is_none() {
            found.reason = if first.standard_error.is_none() { first.reason.clone() } else { second.reason.clone() };
            return Ok(found);
        }
        let both = self.covariance[[a, a]] + self.covariance[[b, b]];
        let variance = both - 2.0 * self.covariance[[a, b]];
        // Less than what the three terms can be off by is nothing.
        let error = if variance > 4.0 * f64::EPSILON * both { variance.sqrt() } else { 0.0 };
        found.standard_error = Some(error);
        match z_test(x - y, error, level)? {
            Some(ZTest { lower, upper, p_value }) => {
                (found.lower, found.upper, found.p_value) = (Some(lower), Some(upper), Some(p_value));
            }
            None => found.reason = Some("no test: the standard error of the difference is zero (ruling 36)".to_owned()),
        }
        Ok(found)
    }
}
