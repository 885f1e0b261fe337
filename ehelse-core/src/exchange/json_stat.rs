//! JSON-stat 2.0 datasets. Lays out a dense cube; holds no formula.

use std::collections::BTreeSet;

use hashbrown::HashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::form::FormOf;
use super::{Protection, RAW, published};
use crate::calendar::Period;
use crate::error::{Error, Result};
use crate::labels::{TOTAL, TOTAL_REGION, UNKNOWN, label_rank};
use crate::series::{ConfStatus, Flag, Flags, Observation, Series, Symbols};
use crate::table::{components, years_used};

/// Language of labels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Norwegian bokmål.
    Nb,
}

/// Options of [`Series::to_json_stat`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct JsonStatOptions {
    /// Language of labels.
    pub language: Language,
    /// Title of the dataset; the id of the indicator where not given.
    #[schemars(example = &"Visits")]
    pub label: Option<String>,
    /// Whether `status` holds codes or the symbols of Statistics Norway.
    pub symbols: Symbols,
    /// Whether small counts of persons are protected.
    pub protect: Protection,
}

impl FormOf for JsonStatOptions {
    const NAME: &'static str = "to_json_stat";
    const WORDS: &'static str = "The series as a JSON-stat 2.0 dataset; protected where persons are counted, unless `protect` is false.";

    fn write(&self, series: &Series) -> Result<String> {
        series.to_json_stat(self)
    }
}

impl Series {
    /// The series as a JSON-stat 2.0 dataset.
    ///
    /// Its dimensions are those of the series, then `measure` (role metric, with the unit) and `period` (role time); `region` has
    /// the role geo. `value` is dense in this order, null where a cell is missing or not in the series; `status` holds the codes
    /// of the cells that are not normal, by place. `extension` holds what JSON-stat has no word for: all flags, reasons and
    /// components by place, unit, breaks, notes, warnings, definition, coverage, zone and the version of the zone data. Where
    /// persons are counted it is protected by default, with the confidentiality in `extension`; with `protect = false` a note says
    /// so (ruling 39). Time and size grow with the cells of the cube.
    ///
    /// # Errors
    /// Those of [`Series::protect`], and a cube of more than 10 million cells.
    ///
    /// ```
    /// use ehelse_core::{Frequency, Observation, Period, Series, exchange::JsonStatOptions};
    /// let rows = vec![Observation::new(Period::parse("2018")?, None), Observation::new(Period::parse("2019")?, Some(37.2e6))];
    /// let text = Series::reported("visits", Frequency::Year, &[], rows)?.to_json_stat(&JsonStatOptions::default())?;
    /// let dataset: serde_json::Value = serde_json::from_str(&text).unwrap();
    /// assert_eq!(dataset["class"], "dataset");
    /// assert_eq!(dataset["size"], serde_json::json!([1, 2]));
    /// assert_eq!(dataset["value"], serde_json::json!([null, 37200000]));
    /// assert_eq!(dataset["status"], serde_json::json!({"0": "O"}));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn to_json_stat(&self, options: &JsonStatOptions) -> Result<String> {
        let (series, raw) = published(self, &options.protect)?;
        let cube = Cube::new(&series)?;
        let head = series.head();
        let mut notes = head.all_notes();
        notes.extend(raw.then(|| RAW.to_owned()));
        let label = options.label.as_deref().or(series.id()).unwrap_or(&series.current().name);
        let status = |flags: Flags| match flags.status() {
            Flag::A => None,
            flag if options.symbols == Symbols::None => Some(flag.as_str()),
            _ => options.symbols.mark(flags),
        };
        let dataset = without_empty(json!({
            "version": "2.0",
            "class": "dataset",
            "label": label,
            "id": series.dimensions().iter().map(String::as_str).chain(["measure", "period"]).collect::<Vec<_>>(),
            "size": cube.size,
            "role": role(&series),
            "dimension": cube.dimensions(&series, options.language),
            "value": cube.dense(&series.observations().iter().map(|o| o.value).collect::<Vec<_>>()),
            "extension": extension(&series, &cube, &notes),
            "status": cube.sparse(series.observations().iter().map(|o| status(o.flags).map(Value::from))),
            "note": notes,
        }));
        Ok(dataset.to_string())
    }
}

/// Leaves out the members that are empty; the values of an empty cube stay.
fn without_empty(mut object: Value) -> Value {
    if let Value::Object(members) = &mut object {
        members.retain(|name, value| match value {
            Value::Array(items) => !items.is_empty() || name == "value",
            Value::Object(members) => !members.is_empty(),
            other => !other.is_null(),
        });
    }
    object
}

fn role(series: &Series) -> Value {
    let mut role = json!({ "time": ["period"], "metric": ["measure"] });
    if series.dimensions().iter().any(|d| d == "region") {
        role["geo"] = json!(["region"]);
    }
    role
}

fn extension(series: &Series, cube: &Cube, notes: &[String]) -> Value {
    let (head, measured, cells) = (series.head(), series.current(), series.observations());
    let flags = cells.iter().map(|o| Some(o.flags).filter(|f| !f.is_empty()).map(|f| f.to_string().into()));
    let hidden = cells.iter().map(|o| Some(o.conf_status()).filter(|status| *status != ConfStatus::Free).map(|s| s.as_str().into()));
    let parts = components(cells).into_iter().map(|(name, numbers)| (name.to_owned(), cube.dense(&numbers)));
    without_empty(json!({
        "unit": measured.unit,
        "measure": measured.name,
        "frequency": measured.frequency.code(),
        "indicator": series.id(),
        "definition": head.definition.as_ref().map(|(name, version)| json!({ "name": name, "version": version })),
        "coverage": head.coverage,
        "zone": head.zone,
        "zone_data": head.zone_data,
        "breaks": head.breaks.iter().map(|b| json!({ "period": b.period, "reason": b.reason.en })).collect::<Vec<_>>(),
        "notes": notes,
        "warnings": head.warnings,
        "flags": cube.sparse(flags),
        "reasons": cube.sparse(cells.iter().map(|o| o.reasons.text().map(|text| (*text).into()))),
        "conf_status": (!head.protection.is_empty()).then(|| cube.sparse(hidden)),
        "protection": head.protection,
        "components": parts.collect::<Map<_, _>>(),
        "years_used": cube.sparse(cells.iter().map(|o| years_used(o).map(Value::from))),
    }))
}

/// A number as JSON writes it: whole numbers without a fraction.
fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9e15 { json!(value as i64) } else { json!(value) }
}

/// The dense cube: the categories of each dimension, and for each observation its place.
struct Cube {
    labels: Vec<Vec<String>>,
    periods: Vec<Period>,
    size: Vec<usize>,
    places: Vec<usize>,
}

impl Cube {
    const MAX_CELLS: usize = 10_000_000;

    fn new(series: &Series) -> Result<Self> {
        let cells = series.observations();
        let categories = |(i, dimension): (usize, &String)| {
            let ranked: BTreeSet<(u8, &str)> = cells.iter().map(|o| (label_rank(dimension, &o.labels[i]), &*o.labels[i])).collect();
            ranked.into_iter().map(|(_, label)| label.to_owned()).collect::<Vec<_>>()
        };
        let labels: Vec<Vec<String>> = series.dimensions().iter().enumerate().map(categories).collect();
        let periods: Vec<Period> = cells.iter().map(|o| o.period).collect::<BTreeSet<_>>().into_iter().collect();
        let size: Vec<usize> = labels.iter().map(Vec::len).chain([1, periods.len()]).collect();
        let number = size.iter().try_fold(1_usize, |product, n| product.checked_mul(*n));
        if number.is_none_or(|number| number > Self::MAX_CELLS) {
            let message = format!("a JSON-stat cube of {size:?} has more than 10 million cells; use fewer dimensions or CSV");
            return Err(Error::computation(message));
        }
        let index: Vec<HashMap<&str, usize>> =
            labels.iter().map(|all| all.iter().enumerate().map(|(i, l)| (l.as_str(), i)).collect()).collect();
        let when: HashMap<Period, usize> = periods.iter().enumerate().map(|(i, p)| (*p, i)).collect();
        let place = |o: &Observation| {
            let row = o.labels.iter().zip(&index).zip(&labels).fold(0, |at, ((label, index), all)| at * all.len() + index[&**label]);
            row * periods.len() + when[&o.period]
        };
        let places = cells.iter().map(place).collect();
        drop(index);
        Ok(Self { labels, periods, size, places })
    }

    /// Values in the order of the cube.
    fn dense(&self, values: &[Option<f64>]) -> Value {
        let mut cells = vec![Value::Null; self.size.iter().product()];
        for (place, value) in self.places.iter().zip(values) {
            cells[*place] = value.map_or(Value::Null, number);
        }
        Value::Array(cells)
    }

    /// What only some cells have, by place.
    fn sparse(&self, values: impl Iterator<Item = Option<Value>>) -> Value {
        let present = self.places.iter().zip(values).filter_map(|(place, value)| Some((place.to_string(), value?)));
        Value::Object(present.collect::<Map<_, _>>())
    }

    fn dimensions(&self, series: &Series, language: Language) -> Value {
        let category = |labels: &[String], name: &str| {
            let words: Map<String, Value> = labels.iter().map(|label| (label.clone(), shown(name, label, language).into())).collect();
            json!({ "index": labels, "label": words })
        };
        let mut dimensions = Map::new();
        for (name, labels) in series.dimensions().iter().zip(&self.labels) {
            dimensions.insert(name.clone(), json!({ "label": name, "category": category(labels, name) }));
        }
        let (measured, nb) = (series.current(), language == Language::Nb);
        let (name, unit) = (measured.name.as_str(), measured.unit.as_str());
        let measure = json!({ "index": [name], "label": { name: name }, "unit": { name: { "label": unit } } });
        dimensions.insert("measure".to_owned(), json!({ "label": if nb { "mål" } else { "measure" }, "category": measure }));
        let periods: Vec<String> = self.periods.iter().map(ToString::to_string).collect();
        let periods = category(&periods, "period");
        dimensions.insert("period".to_owned(), json!({ "label": if nb { "periode" } else { "period" }, "category": periods }));
        Value::Object(dimensions)
    }
}

/// The label of a category in words.
fn shown<'a>(dimension: &str, label: &'a str, language: Language) -> &'a str {
    let (nb, en) = match label {
        UNKNOWN => ("ukjent", "unknown"),
        TOTAL_REGION if dimension == "region" => ("Norge", "Norway"),
        TOTAL => ("i alt", "total"),
        _ => return label,
    };
    if language == Language::Nb { nb } else { en }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::sample::series;

    fn read(series: &Series, options: &JsonStatOptions) -> Value {
        serde_json::from_str(&series.to_json_stat(options).unwrap()).unwrap()
    }

    #[test]
    fn a_sparse_table_becomes_a_dense_cube() {
        let s = series("visits", &["region", "kind"], "2018 46 b 1.5 P; 2019 46 b -; 2019 03 a 7; 2019 03 _U 8; 2019 NO _T 9 EB");
        let s = s.with_head(|head| {
            (head.id, head.zone, head.zone_data) = (Some("x.y".to_owned()), Some("Europe/Oslo"), Some("2026a"));
            (head.definition, head.notes) = (Some(("visits".to_owned(), 1)), vec!["a note".to_owned()]);
            head.breaks.push(crate::Break::new(Period::parse("2019").unwrap(), "rules"));
        });
        let d = read(&s, &JsonStatOptions { language: Language::Nb, ..Default::default() });
        assert_eq!((&d["version"], &d["class"], &d["label"]), (&json!("2.0"), &json!("dataset"), &json!("x.y")));
        assert_eq!(d["id"], json!(["region", "kind", "measure", "period"]));
        assert_eq!(d["size"], json!([3, 4, 1, 2]));
        assert_eq!(d["role"], json!({ "time": ["period"], "metric": ["measure"], "geo": ["region"] }));
        assert_eq!(d["dimension"]["region"]["category"]["index"], json!(["03", "46", "NO"]));
        assert_eq!(d["dimension"]["kind"]["category"]["index"], json!(["a", "b", "_U", "_T"]));
        assert_eq!(d["dimension"]["kind"]["category"]["label"], json!({ "a": "a", "b": "b", "_U": "ukjent", "_T": "i alt" }));
        assert_eq!(d["dimension"]["measure"]["category"]["unit"], json!({ "value": { "label": "visits" } }));
        assert_eq!(d["dimension"]["period"]["label"], "periode");
        let values = d["value"].as_array().unwrap();
        assert_eq!(values.len(), 24);
        let present: Vec<(usize, &Value)> = values.iter().enumerate().filter(|(_, v)| !v.is_null()).collect();
        assert_eq!(present, [(1, &json!(7)), (5, &json!(8)), (10, &json!(1.5)), (23, &json!(9))]);
        assert_eq!(d["status"], json!({ "10": "P", "11": "O", "23": "E" }));
        let e = &d["extension"];
        assert_eq!(e["flags"], json!({ "10": "P", "11": "O", "23": "E B" }));
        assert_eq!((&e["unit"], &e["zone_data"], &e["frequency"]), (&json!("visits"), &json!("2026a"), &json!("A")));
        assert_eq!((&e["definition"], &d["note"]), (&json!({ "name": "visits", "version": 1 }), &json!(["a note"])));
        assert_eq!(e["breaks"], json!([{ "period": "2019", "reason": "rules" }]));
    }

    #[test]
    fn symbols_title_and_components() {
        let s = series("deaths", &[], "2017 10; 2018 - M; 2019 20 P")
            .expected(&crate::ExpectedOptions { base_years: 2, ..Default::default() })
            .unwrap();
        let d = read(&s, &JsonStatOptions { label: Some("Expected".to_owned()), symbols: Symbols::Ssb, ..Default::default() });
        assert_eq!((&d["label"], &d["status"]), (&json!("Expected"), &json!({ "0": "..", "1": "..", "2": ".", "3": "." })));
        assert_eq!(d["extension"]["components"]["base"], json!([0, 1, 1, 1]));
        assert_eq!(d["extension"]["years_used"]["2"], json!([2017]));
    }

    #[test]
    fn persons_are_protected_unless_it_is_said() {
        let s = series("persons", &["k"], "2019 a 3; 2019 b 9; 2019 c 50; 2019 _T 62").with_head(|head| head.counts_persons = true);
        let d = read(&s, &JsonStatOptions::default());
        assert_eq!(d["value"], json!([null, null, 50, 62]));
        assert_eq!((&d["status"], &d["extension"]["conf_status"]), (&json!({ "0": "Q", "1": "Q" }), &json!({ "0": "A", "1": "D" })));
        let raw = read(&s, &JsonStatOptions { protect: Protection::Switch(false), ..Default::default() });
        assert_eq!((&raw["value"], &raw["note"]), (&json!([3, 9, 50, 62]), &json!([RAW])));
    }

    #[test]
    fn an_empty_series_and_a_cube_that_is_too_large() {
        let d = read(&series("visits", &["region"], ""), &JsonStatOptions::default());
        assert_eq!((&d["size"], &d["value"]), (&json!([0, 1, 0]), &json!([])));
        let dimensions = ["a", "b", "c", "d"];
        let rows: Vec<String> = (0..60).map(|i| format!("2019 {i} {i} {i} {i} 1")).collect();
        assert!(series("visits", &dimensions, &rows.join(";")).to_json_stat(&JsonStatOptions::default()).unwrap_err().is_computation());
    }
}
