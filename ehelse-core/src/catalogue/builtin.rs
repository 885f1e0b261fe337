//! The catalogue that the library carries: the files of `seeds/`, embedded. Checks nothing itself.

use std::sync::LazyLock;

use super::Catalogue;
use crate::document::File;

macro_rules! seeds {
    ($($path:literal),+ $(,)?) => {
        [$(File { name: concat!("seeds/", $path), text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/", $path)) }),+]
    };
}

pub(super) const FILES: &[File<'static>] = &seeds![
    "sources.toml",
    "editions.toml",
    "catalogue/helsenorge.toml",
    "catalogue/patient_travel.toml",
    "catalogue/eprescription.toml",
    "catalogue/care_record.toml",
    "catalogue/messages.toml",
    "catalogue/registries.toml",
    "catalogue/ict.toml",
    "catalogue/health_data.toml",
    "catalogue/survey.toml",
    "catalogue/security.toml",
    "catalogue/portfolio.toml",
    "catalogue/nordic.toml",
    "catalogue/comparison.toml",
    "catalogue/eu.toml",
    "catalogue/population.toml",
    "catalogue/strategy.toml",
    "figures/helsenorge.toml",
    "figures/patient_travel.toml",
    "figures/eprescription.toml",
    "figures/care_record.toml",
    "figures/messages.toml",
    "figures/registries.toml",
    "figures/ict.toml",
    "figures/health_data.toml",
    "figures/survey.toml",
    "figures/security.toml",
    "figures/portfolio.toml",
    "figures/eu.toml",
    "figures/population.toml",
    "claims.toml",
    "strategy.toml",
];

pub(super) static BUILTIN: LazyLock<Catalogue> = LazyLock::new(|| match Catalogue::default().layer(FILES) {
    Ok(catalogue) => catalogue,
    Err(error) => unreachable!("the embedded files are read by a test: {error}"),
});
