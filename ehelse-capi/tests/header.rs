//! Makes `include/ehelse.h` of the sources and compares it with the committed one. `EHELSE_WRITE=1` writes it instead.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail where it is")]

use std::path::Path;

use cbindgen::{Builder, Config};

/// The sources in the order of the header.
const SOURCES: [&str; 14] = [
    "version",
    "status",
    "error",
    "buffer",
    "catalogue",
    "batch",
    "computation",
    "computation/arrow",
    "series",
    "series/derive",
    "series/export",
    "audit",
    "targets",
    "comparisons",
];

/// An error that a call can fill in.
const ERROR_INIT: &str = "
/** An `ehelse_error` to begin with: `ehelse_error error = EHELSE_ERROR_INIT;`. \\since 0.1.0 */
#define EHELSE_ERROR_INIT { (uint32_t)sizeof(ehelse_error), EHELSE_OK, -1, { 0 }, { 0 } }
";

/// What follows the includes and is not made of sources: the release, and the structs of the Arrow C data and stream interfaces.
fn after_includes() -> String {
    let part = |name, value| format!("/** Part of the version of the release. \\since 0.1.0 */\n#define EHELSE_VERSION_{name} {value}\n");
    let parts = [
        ("MAJOR", env!("CARGO_PKG_VERSION_MAJOR")),
        ("MINOR", env!("CARGO_PKG_VERSION_MINOR")),
        ("PATCH", env!("CARGO_PKG_VERSION_PATCH")),
    ];
    format!(
        "\n/** Version of the release as text. \\since 0.1.0 */\n#define EHELSE_VERSION \"{}\"\n{}{ERROR_INIT}\n{}",
        env!("CARGO_PKG_VERSION"),
        parts.map(|(name, value)| part(name, value)).concat(),
        include_str!("../arrow_abi.h").trim_end(),
    )
}

fn header() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut config = Config::from_file(root.join("cbindgen.toml")).unwrap();
    config.after_includes = Some(after_includes());
    let sources = SOURCES.into_iter().map(|name| root.join(format!("src/{name}.rs")));
    let builder = sources.fold(Builder::new().with_config(config), Builder::with_src);
    let mut text = Vec::new();
    builder.generate().unwrap().write(&mut text);
    String::from_utf8(text).unwrap()
}

#[test]
fn the_committed_header_is_that_of_the_sources() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../include/ehelse.h");
    let made = header();
    if std::env::var_os("EHELSE_WRITE").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = made.lines().zip(committed.lines()).enumerate().find(|(_, (made, committed))| made != committed);
    assert!(made == committed, "include/ehelse.h is stale; run `make header`. First difference: {differs:?}");
}
