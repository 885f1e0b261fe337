//! Reads the inputs and measures of an indicator and checks that each kernel and formula gets what it takes. Computes nothing.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use toml::de::DeValue;

use super::formula::Formula;
use super::indicator::{known, text};
use super::model::{Input, InputKind, Measure, Rule};
use super::reader::{Entry, Table};
use crate::column::{Allowed, RoleType};
use crate::error::{Error, Result, hint};
use crate::kernel::{KernelName, Need, Role};
use crate::operations::FormulaUnit;
use crate::options;

/// The keys of an `[[indicator.input]]`.
pub(super) const INPUT_KEYS: &[&str] = &["name", "columns", "optional", "series", "required"];
/// The keys of an `[[indicator.measure]]`.
pub(super) const MEASURE_KEYS: &[&str] =
    &["name", "label", "unit", "kernel", "input", "bind", "where", "by", "frequency", "formula", "of", "parameters"];

/// Reads the `[[indicator.input]]` tables.
pub(super) fn inputs(table: &Table<'_>) -> Result<Vec<Input>> {
    let mut inputs: Vec<Input> = Vec::new();
    for entry in table.list("input", Ok)? {
        let table = entry.table("[[indicator.input]]", INPUT_KEYS)?;
        let name = unused(table.need("name")?, "input", inputs.iter().map(|input| input.name.as_str()))?;
        let kind = match (table.get("columns"), table.get("optional"), table.get("series")) {
            (Some(columns), optional, None) => {
                let required = roles(columns, &BTreeMap::new())?;
                let optional = optional.map_or_else(|| Ok(BTreeMap::new()), |entry| roles(entry, &required))?;
                InputKind::Rows { required, optional }
            }
            (None, None, Some(series)) => {
                let series = series.table("`series`", &["unit", "frequency"])?;
                InputKind::Series {
                    unit: series.optional("unit", |entry| entry.text().map(str::to_owned))?,
                    frequency: series.optional("frequency", Entry::frequency)?,
                    required: table.optional("required", Entry::flag)?.unwrap_or(true),
                }
            }
            _ => return Err(table.error(format!("input `{name}` needs either `columns` (with `optional`) or `series`"))),
        };
        if let (InputKind::Rows { .. }, Some(required)) = (&kind, table.get("required")) {
            return Err(required.error("`required` belongs to a series; a table is always needed"));
        }
        inputs.push(Input { name, kind });
    }
    Ok(inputs)
}

fn roles(entry: Entry<'_>, taken: &BTreeMap<String, RoleType>) -> Result<BTreeMap<String, RoleType>> {
    let mut roles = BTreeMap::new();
    for column in entry.free_table()? {
        let kind = column.word("column type", RoleType::parse, RoleType::hint)?;
        if taken.contains_key(column.key) {
            return Err(column.error(format!("role `{}` is required already; leave it out of `optional`", column.key)));
        }
        if kind == RoleType::Label && crate::series::is_reserved(column.key) {
            return Err(column.error(format!("`{}` is a column of every series; name the dimension otherwise", column.key)));
        }
        roles.insert(column.key.to_owned(), kind);
    }
    Ok(roles)
}

/// Reads the `[[indicator.measure]]` tables.
pub(super) fn measures(table: &Table<'_>, inputs: &[Input]) -> Result<Vec<Measure>> {
    let tables = table.list("measure", |entry| entry.table("[[indicator.measure]]", MEASURE_KEYS))?;
    let series = inputs.iter().filter(|input| matches!(input.kind, InputKind::Series { .. }));
    let series: Vec<&str> = series.map(|input| input.name.as_str()).collect();
    let mut names: Vec<String> = Vec::new();
    for measure in &tables {
        let taken = names.iter().map(String::as_str).chain(series.iter().copied());
        names.push(unused(measure.need("name")?, "measure or series", taken)?);
    }
    if names.is_empty() {
        return Err(table.error("an indicator needs at least one [[indicator.measure]]; the first is the primary one"));
    }
    let operands: Vec<&str> = names.iter().map(String::as_str).chain(series).collect();
    let measures = tables.iter().zip(&names).map(|(table, name)| measure(table, name, inputs, &operands)).collect::<Result<Vec<_>>>()?;
    for (table, measure) in tables.iter().zip(&measures) {
        check_operands(table, measure, &measures, inputs)?;
    }
    Ok(measures)
}

fn measure(table: &Table<'_>, name: &str, inputs: &[Input], operands: &[&str]) -> Result<Measure> {
    let (input, by, rule) = match (table.get("kernel"), table.get("formula")) {
        (Some(kernel), None) => kernel_rule(table, kernel, inputs)?,
        (None, Some(formula)) => (None, Vec::new(), formula_rule(table, formula, operands)?),
        _ => return Err(table.error(format!("measure `{name}` needs either `kernel` or `formula`"))),
    };
    let read = |entry: Entry<'_>| match &rule {
        Rule::Kernel { kernel, .. } => parameters(entry, kernel.parameters(), |given| kernel.rule(given)?.check()),
        Rule::Formula { formula, .. } => parameters(entry, &formula.parameters(), |given| formula.check(given)),
    };
    let parameters = table.get("parameters").map_or_else(|| Ok(Map::new()), read)?;
    Ok(Measure {
        name: name.to_owned(),
        label: table.optional("label", text)?.unwrap_or_else(|| name.into()),
        unit: table.text("unit")?,
        input,
        by,
        frequency: table.optional("frequency", Entry::frequency)?,
        rule,
        parameters,
    })
}

fn kernel_rule(table: &Table<'_>, entry: Entry<'_>, inputs: &[Input]) -> Result<(Option<String>, Vec<String>, Rule)> {
    let kernel = entry.word("kernel", KernelName::parse, KernelName::hint)?;
    if let Some(of) = table.get("of") {
        return Err(of.error("`of` belongs to a formula; a kernel reads `input`"));
    }
    let tables: Vec<&Input> = inputs.iter().filter(|input| matches!(input.kind, InputKind::Rows { .. })).collect();
    let input = match (table.get("input"), tables.as_slice()) {
        (Some(entry), _) => {
            let name = known(entry, "input of rows", tables.iter().map(|input| input.name.as_str()))?;
            tables.iter().copied().find(|input| input.name == name)
        }
        (None, &[only]) => Some(only),
        (None, _) => None,
    };
    let input = input.ok_or_else(|| entry.error(format!("kernel `{kernel}` reads rows; name one of the inputs of rows by `input`")))?;
    let bind = bind(table, kernel, input)?;
    for role in kernel.spec().roles {
        check_role(entry, kernel, role, input, bind.get(role.name).map_or(role.name, String::as_str))?;
    }
    let filter = filters(table, input)?;
    let labels = || input.roles().filter(|(_, kind)| *kind == RoleType::Label).map(|(role, _)| role);
    let by = table.list("by", |entry| known(entry, "dimension", labels()))?;
    Ok((Some(input.name.clone()), by, Rule::Kernel { kernel, bind, filter }))
}

fn bind(table: &Table<'_>, kernel: KernelName, input: &Input) -> Result<BTreeMap<String, String>> {
    let mut bind = BTreeMap::new();
    for entry in table.get("bind").map_or_else(|| Ok(Vec::new()), Entry::free_table)? {
        let roles = || kernel.spec().roles.iter().map(|role| role.name);
        if !roles().any(|role| role == entry.key) {
            return Err(entry.error(format!("kernel `{kernel}` has no role `{}`{}", entry.key, hint(entry.key, roles()))));
        }
        bind.insert(entry.key.to_owned(), known(entry, &format!("role of input `{}`:", input.name), input.roles().map(|(role, _)| role))?);
    }
    Ok(bind)
}

fn check_role(entry: Entry<'_>, kernel: KernelName, role: &Role, input: &Input, column: &str) -> Result<()> {
    let InputKind::Rows { required, .. } = &input.kind else { return Ok(()) };
    let wanted = || role.types.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" or ");
    let there = match role.need {
        Need::Always => required.contains_key(column),
        Need::Named => input.role(column).is_some(),
        Need::Never => true,
    };
    match input.role(column) {
        _ if !there => Err(entry.error(format!(
            "kernel `{kernel}` needs the role `{}`, which input `{}` does not have among its `columns`; add it, or bind another to it",
            role.name, input.name
        ))),
        Some(kind) if !role.types.contains(&kind) => Err(entry.error(format!(
            "kernel `{kernel}` reads its role `{}` from a column of type {}, but `{column}` of input `{}` is {kind}",
            role.name,
            wanted(),
            input.name
        ))),
        _ => Ok(()),
    }
}

fn filters(table: &Table<'_>, input: &Input) -> Result<BTreeMap<String, Vec<Allowed>>> {
    let mut filters = BTreeMap::new();
    for entry in table.get("where").map_or_else(|| Ok(Vec::new()), Entry::free_table)? {
        let role = input.role(entry.key).ok_or_else(|| {
            entry.error(format!(
                "unknown role `{}` of input `{}`{}",
                entry.key,
                input.name,
                hint(entry.key, input.roles().map(|(role, _)| role))
            ))
        })?;
        let values = entry.items_or_one();
        if values.is_empty() {
            return Err(entry.error(format!("`{}` keeps no row; name at least one value", entry.key)));
        }
        let filter = |value: Entry<'_>| match (role, value.value()) {
            (RoleType::Label | RoleType::Id, DeValue::String(_)) => value.text().map(|text| Allowed::Text(text.to_owned())),
            (RoleType::Id | RoleType::Number | RoleType::Count, DeValue::Integer(_)) => value.integer().map(Allowed::Integer),
            (RoleType::Flag, DeValue::Boolean(_)) => value.flag().map(Allowed::Flag),
            _ => Err(value.error(format!("`{}` is a column of type {role}, which this value cannot be compared with", entry.key))),
        };
        filters.insert(entry.key.to_owned(), values.into_iter().map(filter).collect::<Result<_>>()?);
    }
    Ok(filters)
}

fn formula_rule(table: &Table<'_>, entry: Entry<'_>, operands: &[&str]) -> Result<Rule> {
    let formula = entry.word("formula", Formula::parse, Formula::hint)?;
    for key in ["input", "bind", "where", "by", "frequency"] {
        if let Some(entry) = table.get(key) {
            return Err(entry.error(format!("`{key}` belongs to a kernel; a formula takes rows and dimensions from its operands")));
        }
    }
    let of = table.list("of", |entry| known(entry, "measure or series", operands.iter().copied()))?;
    if !formula.operands().contains(&of.len()) {
        let (least, most) = formula.operands().into_inner();
        let wanted = if least == most { least.to_string() } else { format!("{least} to {most}") };
        return Err(entry.error(format!("formula `{formula}` takes {wanted} in `of`, this has {}", of.len())));
    }
    Ok(Rule::Formula { formula, of })
}

/// The parameters of a kernel or formula, which are those of a schema; `check` sees them together.
fn parameters(
    entry: Entry<'_>,
    schema: &Map<String, Value>,
    check: impl Fn(&Map<String, Value>) -> Result<()>,
) -> Result<Map<String, Value>> {
    let known = || options::properties(schema);
    let mut parameters = Map::new();
    for entry in entry.free_table()? {
        let Some((_, property)) = known().find(|(name, _)| *name == entry.key) else {
            let none = if known().next().is_none() { "; it takes none" } else { "" };
            return Err(entry.error(format!("unknown parameter `{}`{}{none}", entry.key, hint(entry.key, known().map(|(name, _)| name)))));
        };
        let value = entry.json()?;
        if let Some(is) = options::misfit(property, &value) {
            return Err(entry.error(format!("`{}` {is}", entry.key)));
        }
        parameters.insert(entry.key.to_owned(), value);
    }
    check(&parameters).map_err(|error: Error| entry.error(error))?;
    Ok(parameters)
}

/// That a formula does not come back to itself, takes what can be computed, and has the unit its operands give it.
fn check_operands(table: &Table<'_>, measure: &Measure, measures: &[Measure], inputs: &[Input]) -> Result<()> {
    let Rule::Formula { formula, of } = &measure.rule else { return Ok(()) };
    let mut open: Vec<&str> = of.iter().map(String::as_str).collect();
    let mut seen = Vec::new();
    while let Some(name) = open.pop() {
        if name == measure.name {
            return Err(table.error(format!("measure `{name}` is computed from itself; break the circle")));
        }
        if !seen.contains(&name) {
            seen.push(name);
            if let Some(Rule::Formula { of, .. }) = measures.iter().find(|other| other.name == name).map(|other| &other.rule) {
                open.extend(of.iter().map(String::as_str));
            }
        }
    }
    let unit_of = |name: &String| {
        let series = inputs.iter().find(|input| input.name == *name).map(|input| &input.kind);
        match series {
            Some(InputKind::Series { unit, .. }) => unit.as_ref(),
            _ => measures.iter().find(|other| other.name == *name).map(|other| &other.unit),
        }
    };
    let wanted = match formula.unit() {
        FormulaUnit::Percent | FormulaUnit::Growth => Some("percent"),
        FormulaUnit::Own => of.first().and_then(unit_of).map(String::as_str),
        FormulaUnit::Stated => None,
    };
    check_register(table, *formula, of, measures)?;
    match wanted {
        Some(unit) if unit != measure.unit => {
            Err(table.need("unit")?.error(format!("formula `{formula}` gives `{unit}` here, not `{}`; write that unit", measure.unit)))
        }
        _ => Ok(()),
    }
}

/// That a share of active units is of distinct ids among units with ids.
fn check_register(table: &Table<'_>, formula: Formula, of: &[String], measures: &[Measure]) -> Result<()> {
    if formula != Formula::ActiveShare {
        return Ok(());
    }
    for (place, name) in of.iter().enumerate() {
        let wanted = if place == 0 { KernelName::Distinct } else { KernelName::ActiveAt };
        let found = measures.iter().find(|other| other.name == *name).map(|other| &other.rule);
        if !matches!(found, Some(Rule::Kernel { kernel, .. }) if *kernel == wanted) {
            return Err(table.need("of")?.error(format!("`{name}` must be a measure of kernel `{wanted}` here")));
        }
    }
    Ok(())
}

/// A name that is not taken yet.
fn unused<'a>(entry: Entry<'_>, what: &str, mut taken: impl Iterator<Item = &'a str>) -> Result<String> {
    let name = entry.name(0)?;
    if taken.any(|other| other == name) {
        return Err(entry.error(format!("{what} `{name}` stands twice; name one of them otherwise")));
    }
    Ok(name)
}
