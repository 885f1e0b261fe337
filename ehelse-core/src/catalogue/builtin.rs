//! The catalogue that the library carries: the files of `seeds/`, embedded. Checks nothing itself.

use std::sync::LazyLock;

use super::Catalogue;
use super::reader::File;

macro_rules! seeds {
    ($($path:literal),+ $(,)?) => {
        [$(File { name: concat!("seeds/", $path), text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/", $path)) }),+]
    };
}

pub(super) const FILES: &[File<'static>] = &seeds![
    "sources.toml",
    "editions.toml",
    "catalogue/helsenorge.toml",
    "catalogue/eprescription.toml",
    "catalogue/messages.toml",
    "figures/helsenorge.toml",
    "figures/eprescription.toml",
    "figures/messages.toml",
];

pub(super) static BUILTIN: LazyLock<Catalogue> = LazyLock::new(|| match Catalogue::default().layer(FILES) {
    Ok(catalogue) => catalogue,
    Err(error) => unreachable!("the embedded files are read by a test: {error}"),
});
