//! Recomputes what a catalogue's sources claim from the figures they publish (rulings 31 and 32). Knows no indicator by name but the
//! country's inhabitants, and holds no list of what is wrong.

mod claimed;
mod comparable;
mod differ;
mod implied;
mod judge;
mod numbers;
mod plausible;
mod rank;
mod recompute;
#[cfg(test)]
mod tests;
mod text;

pub use implied::Implied;
pub use recompute::Recomputed;

use schemars::JsonSchema;
use serde::Serialize;

use crate::arithmetic::published;
pub use crate::arithmetic::published::Verdict;
use crate::catalogue::{Catalogue, Claim, Text};

/// What was published.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Published {
    /// In short: `68 %`, `over 280 000 enquiries`, `the largest`.
    pub text: String,
    /// The number, where it is one.
    #[serde(flatten, serialize_with = "published::show")]
    #[schemars(with = "published::ShownNumber")]
    pub number: Option<published::Published>,
    /// Its unit.
    pub unit: Option<String>,
}

/// A claim, two claims that differ, or a figure that cannot be, with what the figures say of it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "AuditRow")]
#[non_exhaustive]
pub struct Row {
    /// The claim; none where a figure is implausible by itself.
    pub claim: Option<Claim>,
    /// The second claim, where two differ.
    pub other: Option<Claim>,
    /// What is claimed or published.
    pub statement: Text,
    /// The indicator it is about.
    pub indicator: String,
    /// What was published.
    pub published: Published,
    /// What the figures give; of a claim that is not comparable, what the population of the figures would give.
    pub recomputed: Option<Recomputed>,
    /// What the claim implies for a number that is not published.
    pub implied: Option<Implied>,
    /// How they stand to each other.
    pub verdict: Verdict,
    /// The calculation written out.
    pub arithmetic: String,
    /// What one should know: populations and units that differ, figures that are missing, the note of the claim.
    pub notes: Vec<String>,
}

impl Row {
    fn new(statement: Text, indicator: &str, published: Published, verdict: Verdict) -> Self {
        Self {
            claim: None,
            other: None,
            statement,
            indicator: indicator.to_owned(),
            published,
            recomputed: None,
            implied: None,
            verdict,
            arithmetic: String::new(),
            notes: Vec::new(),
        }
    }

    fn of_claim(claim: &Claim, verdict: Verdict) -> Self {
        let number = claim.number.filter(|_| !claim.kind.is_rank());
        let published = Published { text: claimed::words(claim), number, unit: claim.unit.clone() };
        let notes = claim.note.iter().map(|note| note.en.clone()).collect();
        Self { claim: Some(claim.clone()), notes, ..Self::new(claim.statement.clone(), &claim.indicator, published, verdict) }
    }
}

/// The audit of a catalogue: a row for each claim in the order of the files, then one for each pair of claims that differ, then one
/// for each number that is implausible.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Audit {
    /// The rows.
    pub rows: Vec<Row>,
}

impl Audit {
    /// The rows with a verdict.
    ///
    /// ```
    /// use ehelse_core::{Catalogue, Verdict, audit};
    /// let audit = audit(Catalogue::builtin());
    /// assert_eq!(audit.with(Verdict::Contradicts).count(), 0);
    /// ```
    pub fn with(&self, verdict: Verdict) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.verdict == verdict)
    }
}

/// Recomputes every claim of a catalogue from the figures of the same edition, and judges it (ruling 32).
///
/// A claim `agrees` when the point value of the figures rounds to it, is `consistent` when what the figures can stand for overlaps what
/// it can stand for, and `contradicts` otherwise. It is `not comparable` when the figures are of another population, unit or definition:
/// what they would give is shown. It `cannot be checked` when a figure is not published: what it implies for that figure is shown. A
/// change of which one end is not published is recomputed from a second claim on the same ends, where there is one.
///
/// Beside the claims stand rows of their own: `claims differ` for two claims on one quantity whose intervals do not overlap, and
/// `implausible` for more persons than the country has inhabitants (the figures of `population.inhabitants`), shares above 100 per cent,
/// and parts above their total.
///
/// The time grows with the square of the number of claims and of the figures of an indicator.
///
/// ```
/// use ehelse_core::{Catalogue, Verdict, audit};
/// let own = Catalogue::from_str("own.toml", r#"
/// [[claim]]
/// id = "helsenorge.visits.growth"
/// indicator = "helsenorge.visits"
/// kind = "change_percent"
/// of = [{ period = "2019" }, { period = "2018" }]
/// value = 45
/// place = 1
/// qualifier = "exact"
/// unit = "percent"
/// population = { nb = "Alle besøk på de åpne sidene", en = "All visits to the open pages" }
/// statement = { nb = "Besøkene økte med 45 prosent.", en = "Visits grew by 45 per cent." }
/// edition = "2019"
/// published = "2020-06"
/// source = "monitor"
/// "#)?;
/// let rows = audit(&own).rows;
/// let row = rows.iter().find(|row| row.claim.as_ref().is_some_and(|claim| claim.id == "helsenorge.visits.growth")).unwrap();
/// assert_eq!((row.verdict, row.arithmetic.as_str()), (Verdict::Agrees, "(37.2 M − 25.6 M) / 25.6 M = 45.31 %, between 45.0 and 46.0"));
/// # Ok::<(), ehelse_core::Error>(())
/// ```
#[must_use]
pub fn audit(catalogue: &Catalogue) -> Audit {
    let claims = catalogue.claims().iter().map(|claim| judge::row(claim, catalogue));
    Audit { rows: claims.chain(differ::rows(catalogue.claims())).chain(plausible::rows(catalogue)).collect() }
}
