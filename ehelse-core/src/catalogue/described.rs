//! An entry with all that the catalogue says of it: what the doors and their objects are made of.

use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Indicator, Lifecycle, Source, Text};
use super::{Catalogue, Claim, Target};

/// An entry with what the catalogue says of it elsewhere.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Indicator")]
pub struct Described<'a> {
    /// The entry.
    #[serde(flatten)]
    indicator: &'a Indicator,
    /// The editions it belongs to.
    #[serde(flatten)]
    edition: &'a Lifecycle,
    /// The part of the monitor it belongs to.
    topic: Text,
    /// The unit of its primary measure.
    unit: &'a str,
    /// The dimensions it can be split by.
    dimensions: Vec<&'a str>,
    /// The documents it is taken from, by title and publisher.
    source: String,
    /// The documents it is taken from.
    sources: Vec<&'a Source>,
    /// What the sources derive from its figures and say in words.
    claims: Vec<&'a Claim>,
    /// The targets that the strategy sets for it, in every edition that states them.
    targets: Vec<&'a Target>,
}

impl Catalogue {
    /// An entry with all that this catalogue says of it.
    ///
    /// ```
    /// use ehelse_core::Catalogue;
    /// let catalogue = Catalogue::builtin();
    /// let described = serde_json::to_value(catalogue.describe(catalogue.indicator("helsenorge.visits")?)).unwrap();
    /// assert_eq!((&described["definition"], &described["unit"]), (&"visits".into(), &"visits".into()));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    #[must_use]
    pub fn describe<'a>(&'a self, indicator: &'a Indicator) -> Described<'a> {
        let topic = self.topics().iter().find(|topic| topic.id == indicator.topic);
        let of_id = |id: &String| self.sources().iter().find(|source| source.id == *id);
        let sources: Vec<&Source> = indicator.sources.iter().filter_map(of_id).collect();
        let titles: Vec<String> = sources.iter().map(|source| format!("{} ({})", source.title, source.publisher)).collect();
        Described {
            indicator,
            edition: &indicator.edition,
            topic: topic.map_or_else(|| Text::from(indicator.topic.as_str()), |topic| topic.name.clone()),
            unit: indicator.unit(),
            dimensions: indicator.dimensions(),
            source: titles.join("; "),
            sources,
            claims: self.claims().iter().filter(|claim| claim.indicator == indicator.id).collect(),
            targets: self.targets().iter().filter(|target| target.indicator.as_ref() == Some(&indicator.id)).collect(),
        }
    }
}
