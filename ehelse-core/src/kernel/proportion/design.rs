//! The design of a survey: strata, primary units, and the linearised covariance of the domains. Knows no interval.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2, ArrayViewMut1};

use super::answers::Sums;
use super::estimate::{LonelyPsu, Part, Standing};
use crate::series::Reason;

/// Primary units that are held at a time.
const BLOCK: usize = 256;

pub(super) struct Design {
    pub(super) covariance: Array2<f64>,
    pub(super) degrees: i64,
    pub(super) lonely: Vec<u32>,
    counts: Vec<StrataCounts>,
    lonely_psu: LonelyPsu,
}

/// The strata in which a domain has answers, and those of them that have one primary unit.
#[derive(Debug, Clone, Copy, Default)]
struct StrataCounts {
    strata: u32,
    lonely: u32,
}

/// Primary units with the same parts: one cluster, or the respondents of a part where there are no clusters.
struct Units<'a> {
    parts: &'a [&'a Part],
    count: u64,
}

impl Units<'_> {
    /// Σ (w − w̄)² within the units, which is 0 for one and for equal weights.
    fn spread(&self) -> f64 {
        if self.count == 1 {
            return 0.0;
        }
        self.parts.iter().fold(0.0, |sum, part| {
            let spread = part.square - part.weight / part.rows as f64 * part.weight;
            // Less than what the two terms can be off by is nothing.
            if spread > 4.0 * f64::EPSILON * part.square { sum + spread } else { sum }
        })
    }
}

impl Sums {
    /// How far a unit of weight moves the proportion: (y − p) / Σw.
    fn influence(&self, standing: Standing) -> f64 {
        match standing {
            Standing::Counted => self.rest / self.total / self.total,
            Standing::Answered => -self.counted / self.total / self.total,
            Standing::Silent => 0.0,
        }
    }
}

/// A stratum: its primary units, and the domains that have answers in it.
struct Stratum<'a> {
    units: Vec<Units<'a>>,
    count: u64,
    domains: Vec<u32>,
    outputs: &'a [Vec<u32>],
    sums: &'a [Sums],
}

impl<'a> Stratum<'a> {
    fn new(parts: &'a [&'a Part], outputs: &'a [Vec<u32>], sums: &'a [Sums]) -> Self {
        let together = |a: &&Part, b: &&Part| a.cluster.is_some() && a.cluster == b.cluster;
        let count = |parts: &[&Part]| if parts[0].cluster.is_some() { 1 } else { parts[0].rows };
        let units: Vec<Units<'_>> = parts.chunk_by(together).map(|parts| Units { parts, count: count(parts) }).collect();
        let answered = parts.iter().filter(|part| part.standing != Standing::Silent);
        let weighs = |domain: &u32| sums[*domain as usize].total > 0.0;
        let mut domains: Vec<u32> = answered.flat_map(|part| outputs[part.group as usize].iter().copied().filter(weighs)).collect();
        domains.sort_unstable();
        domains.dedup();
        Self { count: units.iter().map(|units| units.count).sum(), units, domains, outputs, sums }
    }

    /// Adds the influence that a weight in a part has on each domain.
    fn add(&self, part: &Part, weight: f64, mut row: ArrayViewMut1<'_, f64>) {
        for domain in &self.outputs[part.group as usize] {
            if let (false, Ok(column)) = (part.standing == Standing::Silent, self.domains.binary_search(domain)) {
                row[column] += self.sums[*domain as usize].influence(part.standing) * weight;
            }
        }
    }

    /// n / (n − 1) · Σ (z − z̄)(z − z̄)ᵀ over the primary units, z being what they add to each domain; z zᵀ of a single one.
    fn covariance(&self) -> Array2<f64> {
        let width = self.domains.len();
        let (mut mean, mut scale) = (Array1::zeros(width), 1.0);
        if self.count > 1 {
            scale = self.count as f64 / (self.count - 1) as f64;
            self.units.iter().flat_map(|units| units.parts).for_each(|part| self.add(part, part.weight, mean.view_mut()));
            mean /= self.count as f64;
        }
        let mut covariance = Array2::zeros((width, width));
        for block in self.units.chunks(BLOCK) {
            let mut rows = Array2::zeros((2 * block.len(), width));
            for (units, i) in block.iter().zip((0..).step_by(2)) {
                let count = units.count as f64;
                let mut row = rows.row_mut(i);
                units.parts.iter().for_each(|part| self.add(part, part.weight / count, row.view_mut()));
                row -= &mean;
                row *= count.sqrt();
                // Respondents of one part differ from their mean in their weights.
                let within = units.spread().sqrt();
                if within > 0.0 {
                    self.add(units.parts[0], within, rows.row_mut(i + 1));
                }
            }
            general_mat_mul(scale, &rows.t(), &rows, 1.0, &mut covariance);
        }
        covariance
    }
}

impl Design {
    /// The design of parts that are sorted.
    pub(super) fn new(parts: &[&Part], outputs: &[Vec<u32>], sums: &[Sums], lonely_psu: LonelyPsu) -> Self {
        let (covariance, counts) = (Array2::zeros((sums.len(), sums.len())), vec![StrataCounts::default(); sums.len()]);
        let mut design = Self { covariance, degrees: 0, lonely: Vec::new(), counts, lonely_psu };
        for parts in parts.chunk_by(|a, b| a.stratum == b.stratum) {
            let stratum = Stratum::new(parts, outputs, sums);
            let lonely = stratum.count == 1;
            design.degrees += stratum.count as i64 - 1;
            if lonely {
                design.lonely.push(parts[0].stratum);
            }
            for domain in &stratum.domains {
                let counts = &mut design.counts[*domain as usize];
                counts.strata += 1;
                counts.lonely += u32::from(lonely);
            }
            if !lonely || lonely_psu == LonelyPsu::Adjust {
                let covariance = stratum.covariance();
                for ((row, column), value) in covariance.indexed_iter() {
                    design.covariance[[stratum.domains[row] as usize, stratum.domains[column] as usize]] += value;
                }
            }
        }
        let factors: Array1<f64> = design.counts.iter().map(|counts| design.factor(*counts)).collect();
        for ((row, column), value) in design.covariance.indexed_iter_mut() {
            *value *= factors[row] * factors[column];
        }
        design
    }

    /// What the standard error of a domain is multiplied by, NaN where it has none.
    fn factor(&self, counts: StrataCounts) -> f64 {
        match self.lonely_psu {
            _ if counts.strata == 0 => f64::NAN,
            LonelyPsu::Fail if counts.lonely > 0 => f64::NAN,
            LonelyPsu::Average if counts.lonely == counts.strata => f64::NAN,
            LonelyPsu::Average => (f64::from(counts.strata) / f64::from(counts.strata - counts.lonely)).sqrt(),
            _ => 1.0,
        }
    }

    /// The standard error of a domain, or why it has none.
    pub(super) fn standard_error(&self, domain: usize) -> Result<f64, Reason> {
        let (variance, counts) = (self.covariance[[domain, domain]], self.counts[domain]);
        if !variance.is_nan() {
            return Ok(variance.sqrt());
        }
        let strata = if counts.lonely == 1 { "1 stratum has".to_owned() } else { format!("{} strata have", counts.lonely) };
        let way = if self.lonely_psu == LonelyPsu::Fail {
            "lonely_psu = adjust, certainty or average gives one"
        } else {
            "no other stratum has more"
        };
        Err(Reason::LonelyUnits { strata, way: way.to_owned() })
    }
}
