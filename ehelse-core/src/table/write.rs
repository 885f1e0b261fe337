//! The columns of a series as a table: the one place that lays them out, for every form and language. Protects nothing.

use std::sync::Arc;

use crate::error::Result;
use crate::series::{Component, Components, Observation, ProtectionRule, Series};

/// The values of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Text, or none.
    Text(Vec<Option<Arc<str>>>),
    /// Civil days, counted from 1970-01-01.
    Days(Vec<Option<i32>>),
    /// Finite numbers, or none.
    Numbers(Vec<Option<f64>>),
}

/// A named column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its values, one for each row.
    pub values: Values,
}

/// A series as columns of equal length.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// How many rows there are.
    pub rows: usize,
}

impl Table {
    /// The column with a name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Values> {
        self.columns.iter().find(|column| column.name == name).map(|column| &column.values)
    }
}

/// The table of a series, one row for each observation in the order of the series.
///
/// ```text
/// period  start  end  <dimensions>  measure  unit  value  status  flags  reason  <components>
/// text    day    day  text          text     text  number text    text   text    number, years_used as text
/// ```
///
/// A series that is protected has `conf_status` (F, A or D of SDMX) and `protection` (the rules, such as `suppress:4`) at the end, and
/// one that counts persons and is not has `protection` with `none`. A table with these columns is read back as what it was.
///
/// `start` and `end` are the first and the last day, and null for a period that is `undated`. `status` is the one exported code and `A`
/// where nothing is flagged; `flags` holds all codes with a space between, empty where there is none. A component is a column where some
/// observation has it; `years_used` is text such as `2009 2010 2011`. Linear time.
///
/// ```
/// use ehelse_core::table::{Values, table};
/// use ehelse_core::{Frequency, Observation, Period, Series};
/// let row = Observation::new(Period::parse("2019-12")?, Some(6418.0)).labelled(&["03"]);
/// let table = table(&Series::reported("persons", Frequency::Month, &["region"], vec![row])?);
/// let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
/// assert_eq!(names, ["period", "start", "end", "region", "measure", "unit", "value", "status", "flags", "reason"]);
/// assert_eq!(table.column("value"), Some(&Values::Numbers(vec![Some(6418.0)])));
/// # Ok::<(), ehelse_core::Error>(())
/// ```
#[must_use]
pub fn table(series: &Series) -> Table {
    let (measured, rows) = (series.current(), series.observations());
    let text = |read: &dyn Fn(&Observation) -> Option<Arc<str>>| Values::Text(rows.iter().map(read).collect());
    let numbers = |read: &dyn Fn(&Observation) -> Option<f64>| Values::Numbers(rows.iter().map(read).collect());
    let (measure, unit): (Arc<str>, Arc<str>) = (Arc::from(measured.name.as_str()), Arc::from(measured.unit.as_str()));
    let mut columns = vec![
        ("period", text(&|o| Some(o.period.to_string().into()))),
        ("start", Values::Days(rows.iter().map(|o| o.period.dates().map(|days| days.first)).collect())),
        ("end", Values::Days(rows.iter().map(|o| o.period.dates().map(|days| days.last)).collect())),
    ];
    columns.extend(measured.dimensions.iter().enumerate().map(|(i, name)| (name.as_str(), text(&|o| Some(o.labels[i].clone())))));
    columns.extend([
        ("measure", text(&|_| Some(measure.clone()))),
        ("unit", text(&|_| Some(unit.clone()))),
        ("value", numbers(&|o| o.value)),
        ("status", text(&|o| Some(o.flags.status().as_str().into()))),
        ("flags", text(&|o| Some(o.flags.to_string().into()))),
        ("reason", text(&|o| o.reasons.text())),
    ]);
    columns.extend(components(rows).into_iter().map(|(name, values)| (name, Values::Numbers(values))));
    if rows.iter().any(|o| years_used(o).is_some()) {
        let joined = |years: &[i32]| years.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ").into();
        columns.push(("years_used", text(&|o| years_used(o).map(joined))));
    }
    let head = series.head();
    if !head.protection.is_empty() {
        columns.push(("conf_status", text(&|o| Some(o.conf_status().as_str().into()))));
    }
    if head.counts_persons || !head.protection.is_empty() {
        let rules: Vec<String> = head.protection.iter().map(ToString::to_string).collect();
        let rule: Arc<str> = if rules.is_empty() { UNPROTECTED.into() } else { rules.join(" ").into() };
        columns.push(("protection", text(&|_| Some(rule.clone()))));
    }
    Table { columns: columns.into_iter().map(|(name, values)| Column { name: name.to_owned(), values }).collect(), rows: rows.len() }
}

/// What stands in place of a rule where persons are counted and nothing is protected.
const UNPROTECTED: &str = "none";

pub(super) fn protection(text: &str) -> Result<Vec<ProtectionRule>> {
    if text == UNPROTECTED { Ok(Vec::new()) } else { text.split(' ').map(ProtectionRule::parse).collect() }
}

/// The years that a mean was taken over, where there are any.
pub(crate) fn years_used(cell: &Observation) -> Option<&[i32]> {
    cell.components.as_ref().map(|c| c.years_used.as_slice()).filter(|years| !years.is_empty())
}

pub(crate) fn components(rows: &[Observation]) -> Vec<(&'static str, Vec<Option<f64>>)> {
    let numbers = |read: Component| rows.iter().map(|o| o.components.as_deref().and_then(read)).collect::<Vec<_>>();
    let columns = Components::NUMERIC.into_iter().map(|(name, read)| (name, numbers(read)));
    columns.filter(|(_, numbers)| numbers.iter().any(Option::is_some)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ExpectedOptions;
    use crate::operations::sample::series;

    #[test]
    fn components_are_columns_where_some_row_has_them() -> crate::Result<()> {
        let expected = series("deaths", &[], "2017 1; 2018 3").expected(&ExpectedOptions { base_years: 2, ..Default::default() })?;
        let table = table(&expected);
        let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names[names.len() - 5..], ["reason", "base", "lower", "upper", "years_used"]);
        assert_eq!(table.column("base"), Some(&Values::Numbers(vec![Some(0.0), Some(1.0), Some(2.0)])));
        assert_eq!(table.column("years_used"), Some(&Values::Text(vec![None, Some("2017".into()), Some("2017 2018".into())])));
        assert_eq!((table.rows, table.column("numerator")), (3, None));
        for column in &table.columns {
            let len = match &column.values {
                Values::Text(values) => values.len(),
                Values::Days(values) => values.len(),
                Values::Numbers(values) => values.len(),
            };
            assert_eq!(len, table.rows, "{}", column.name);
        }
        Ok(())
    }
}
