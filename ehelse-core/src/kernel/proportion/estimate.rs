//! The estimate of a proportion from the parts of a survey. Knows no question.

use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answers::{ExactSums, Sums};
use super::design::Design;
use crate::arithmetic::inverse::check_level;
use crate::arithmetic::student;
use crate::error::{Error, Result};
use crate::series::Reason;

/// A base of fewer answers is of low reliability (U).
pub const RELIABLE_BASE: u64 = 30;

/// How many domains one covariance is computed for: its size is their square.
pub(super) const MAX_DOMAINS: usize = 4096;

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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    pub reason: Option<Reason>,
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
/// approx::assert_abs_diff_eq!(share.standard_error.unwrap(), (0.4 * 0.6 / 100.0 * 125.0 / 124.0_f64).sqrt(), epsilon = 1e-15);
/// # Ok::<(), ehelse_core::Error>(())
/// ```
pub fn estimate(parts: &[Part], outputs: &[Vec<u32>], domains: usize, survey: &Survey) -> Result<Estimates> {
    check_level(survey.level)?;
    let parts = sorted(parts, outputs, domains)?;
    let mut answers = vec![ExactSums::default(); domains];
    for part in &parts {
        outputs[part.group as usize].iter().for_each(|domain| answers[*domain as usize].add(part));
    }
    let sums = answers.into_iter().map(ExactSums::sums).collect::<Result<Vec<Sums>>>()?;
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
        if !weighs(part.weight) || !weighs(part.square) || part.weight > 0.0 && part.square == 0.0 {
            return Err(Error::invalid("weights are finite and not negative, and so are their squares (ruling 41)"));
        }
    }
    let mut parts: Vec<&Part> = parts.iter().filter(|part| part.rows > 0).collect();
    let key =
        |part: &Part| (part.stratum, part.cluster, part.group, part.standing, part.rows, part.weight.to_bits(), part.square.to_bits());
    parts.sort_unstable_by_key(|part| key(part));
    Ok(parts)
}
