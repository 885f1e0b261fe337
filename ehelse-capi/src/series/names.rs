//! Texts of a series as C strings that live as long as it does. Reads the series; changes nothing.

use std::collections::HashMap;
use std::ffi::{CString, c_char};
use std::sync::OnceLock;

use ehelse_core::{Component, Components, Error, Observation, Series};

use crate::error::Fault;

/// Every text of a series, made when the first is asked for; each different text is held once.
#[derive(Debug, Default)]
pub(super) struct Names(OnceLock<HashMap<Box<str>, CString>>);

impl Names {
    /// The text as a C string, up to a NUL within it. It is one of the series'.
    pub(super) fn get(&self, series: &Series, text: &str) -> *const c_char {
        self.0.get_or_init(|| all(series)).get(text).map_or(std::ptr::null(), |text| text.as_ptr())
    }
}

fn all(series: &Series) -> HashMap<Box<str>, CString> {
    let mut names = HashMap::new();
    let mut add = |text: &str| {
        if !names.contains_key(text) {
            let shown = text.split('\0').next().unwrap_or("");
            names.insert(text.into(), CString::new(shown).unwrap_or_default());
        }
    };
    let head = series.head();
    let own = [series.unit(), series.frequency().name()].into_iter().chain(series.id()).chain(series.measures());
    own.chain(series.dimensions().iter().chain(&head.all_notes()).chain(&head.warnings).map(String::as_str)).for_each(&mut add);
    for o in series.observations() {
        add(&o.period.to_string());
        add(&o.flags.to_string());
        o.labels.iter().for_each(|label| add(label));
        o.reasons.text().iter().for_each(|reason| add(reason));
        years_used(o).iter().for_each(|years| add(years));
    }
    names
}

/// The years of a mean, as tables write them.
pub(super) fn years_used(o: &Observation) -> Option<String> {
    let years = o.components.as_ref().map(|c| &c.years_used).filter(|years| !years.is_empty())?;
    Some(years.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
}

/// The numeric component of a name.
pub(super) fn component(name: &str) -> Result<Component, Fault> {
    let found = Components::NUMERIC.into_iter().find(|(known, _)| *known == name);
    found.map(|(_, read)| read).ok_or_else(|| Error::unknown("component", name, Components::NUMERIC.map(|(known, _)| known)).into())
}
