//! Checks the inputs and measures of an indicator: that each kernel and formula gets what it takes. Computes nothing.

use std::collections::BTreeMap;

use super::formula::Formula;
use super::model::{Input, InputKind, Measure, Rule};
use crate::column::{Allowed, RoleType};
use crate::document::Node;
use crate::error::{Result, hint};
use crate::kernel::{KernelName, Need, Role};
use crate::operations::FormulaUnit;

pub(super) fn check_inputs(inputs: &[Input], node: Node<'_>) -> Result<()> {
    node.differ("input", "name", "input")?;
    for (input, part) in inputs.iter().zip(node.list("input")) {
        let InputKind::Rows { required, optional } = &input.kind else { continue };
        for (key, roles) in [("columns", required), ("optional", optional)] {
            for column in part.table(key) {
                let role = column.key();
                let is_required = key == "optional" && required.contains_key(role);
                column.require(!is_required, || format!("role `{role}` is required already; leave it out of `optional`"))?;
                let is_reserved = roles[role] == RoleType::Label && crate::series::is_reserved(role);
                column.require(!is_reserved, || format!("`{role}` is a column of every series; name the dimension otherwise"))?;
            }
        }
    }
    Ok(())
}

/// Checks the `[[indicator.measure]]` tables of an indicator, and names the input of each kernel.
pub(super) fn complete_measures(measures: &mut [Measure], node: Node<'_>, inputs: &[Input]) -> Result<()> {
    let parts = node.at("measure").items();
    let series = inputs.iter().filter(|input| matches!(input.kind, InputKind::Series { .. })).map(|input| &input.name);
    let mut operands: Vec<String> = series.cloned().collect();
    for (measure, part) in measures.iter().zip(&parts) {
        let name = &measure.name;
        let is_new = !operands.contains(name);
        part.at("name").require(is_new, || format!("measure or series `{name}` stands twice; name one of them otherwise"))?;
        operands.push(name.clone());
    }
    for (measure, part) in measures.iter_mut().zip(&parts) {
        if part.get("label").is_none() {
            measure.label = measure.name.as_str().into();
        }
        let checked = match &measure.rule {
            Rule::Kernel { kernel, bind, filter } => {
                let input = input_of(*part, *kernel, inputs)?;
                check_kernel(*part, *kernel, bind, input)?;
                check_filter(*part, filter, input)?;
                measure.input = Some(input.name.clone());
                kernel.rule(&measure.parameters).and_then(|rule| rule.check())
            }
            Rule::Formula { formula, .. } => {
                part.known("of", "measure or series", operands.iter().map(String::as_str))?;
                formula.check(&measure.parameters)
            }
        };
        part.at("parameters").place(checked)?;
    }
    measures.iter().zip(parts).try_for_each(|(measure, part)| check_operands(part, measure, measures, inputs))
}

/// The input that a kernel reads: the one it names, or the only one of rows.
fn input_of<'a>(node: Node<'_>, kernel: KernelName, inputs: &'a [Input]) -> Result<&'a Input> {
    let rows: Vec<&Input> = inputs.iter().filter(|input| matches!(input.kind, InputKind::Rows { .. })).collect();
    node.known("input", "input of rows", rows.iter().map(|input| input.name.as_str()))?;
    let name: Option<String> = node.get("input").map(Node::read).transpose()?;
    match (name, rows.as_slice()) {
        (None, [only]) => Some(*only),
        (name, rows) => rows.iter().copied().find(|input| Some(&input.name) == name.as_ref()),
    }
    .ok_or_else(|| node.at("kernel").error(format!("kernel `{kernel}` reads rows; name one of the inputs of rows by `input`")))
}

/// That the columns of the input are what the kernel reads.
fn check_kernel(node: Node<'_>, kernel: KernelName, bind: &BTreeMap<String, String>, input: &Input) -> Result<()> {
    let roles = || input.roles().map(|(role, _)| role);
    for role in bind.keys() {
        node.at("bind").known(role, &format!("role of input `{}`:", input.name), roles())?;
    }
    for role in kernel.spec().roles {
        check_role(node.at("kernel"), kernel, role, input, bind.get(role.name).map_or(role.name, String::as_str))?;
    }
    let labels = input.roles().filter(|(_, kind)| *kind == RoleType::Label).map(|(role, _)| role);
    node.known("by", "dimension", labels)
}

fn check_role(node: Node<'_>, kernel: KernelName, role: &Role, input: &Input, column: &str) -> Result<()> {
    let InputKind::Rows { required, .. } = &input.kind else { return Ok(()) };
    let found = if role.need == Need::Always { required.get(column).copied() } else { input.role(column) };
    match found {
        None if role.need != Need::Never => Err(node.error(format!(
            "kernel `{kernel}` needs the role `{}`, which input `{}` does not have among its `columns`; add it, or bind another to it",
            role.name, input.name
        ))),
        Some(kind) if !role.types.contains(&kind) => {
            let wanted: Vec<&str> = role.types.iter().map(|kind| kind.as_str()).collect();
            Err(node.error(format!(
                "kernel `{kernel}` reads its role `{}` from a column of type {}, but `{column}` of input `{}` is {kind}",
                role.name,
                wanted.join(" or "),
                input.name
            )))
        }
        _ => Ok(()),
    }
}

/// That the values of a filter can be compared with their columns.
fn check_filter(node: Node<'_>, filter: &BTreeMap<String, Vec<Allowed>>, input: &Input) -> Result<()> {
    for entry in node.table("where") {
        let name = entry.key();
        let role = input.role(name).ok_or_else(|| {
            let hint = hint(name, input.roles().map(|(role, _)| role));
            entry.error(format!("unknown role `{name}` of input `{}`{hint}", input.name))
        })?;
        let fits = |value: &Allowed| match value {
            Allowed::Text(_) => matches!(role, RoleType::Label | RoleType::Id),
            Allowed::Integer(_) => matches!(role, RoleType::Id | RoleType::Number | RoleType::Count),
            Allowed::Flag(_) => role == RoleType::Flag,
        };
        if let Some((_, value)) = filter[name].iter().zip(entry.items()).find(|(value, _)| !fits(value)) {
            return Err(value.error(format!("`{name}` is a column of type {role}, which this value cannot be compared with")));
        }
    }
    Ok(())
}

/// That a formula does not come back to itself, takes what can be computed, and has the unit its operands give it.
fn check_operands(node: Node<'_>, measure: &Measure, measures: &[Measure], inputs: &[Input]) -> Result<()> {
    let Rule::Formula { formula, of } = &measure.rule else { return Ok(()) };
    let mut open: Vec<&String> = of.iter().collect();
    let mut seen = Vec::new();
    while let Some(name) = open.pop() {
        node.require(*name != measure.name, || format!("measure `{name}` is computed from itself; break the circle"))?;
        if !seen.contains(&name) {
            seen.push(name);
            if let Some(Rule::Formula { of, .. }) = measures.iter().find(|other| other.name == *name).map(|other| &other.rule) {
                open.extend(of);
            }
        }
    }
    if *formula == Formula::ActiveShare {
        check_register(node, of, measures)?;
    }
    let unit_of = |name: &String| match inputs.iter().find(|input| input.name == *name).map(|input| &input.kind) {
        Some(InputKind::Series { unit, .. }) => unit.as_ref(),
        _ => measures.iter().find(|other| other.name == *name).map(|other| &other.unit),
    };
    let wanted = match formula.unit() {
        FormulaUnit::Percent | FormulaUnit::Growth => Some("percent"),
        FormulaUnit::Own => of.first().and_then(unit_of).map(String::as_str),
        FormulaUnit::Stated => None,
    };
    let unit = wanted.unwrap_or(&measure.unit);
    node.at("unit")
        .require(unit == measure.unit, || format!("formula `{formula}` gives `{unit}` here, not `{}`; write that unit", measure.unit))
}

/// That a share of active units is of distinct ids among units with ids.
fn check_register(node: Node<'_>, of: &[String], measures: &[Measure]) -> Result<()> {
    for (place, name) in of.iter().enumerate() {
        let wanted = if place == 0 { KernelName::Distinct } else { KernelName::ActiveAt };
        let found = measures.iter().find(|other| other.name == *name).map(|other| &other.rule);
        let is_of_kernel = matches!(found, Some(Rule::Kernel { kernel, .. }) if *kernel == wanted);
        node.at("of").require(is_of_kernel, || format!("`{name}` must be a measure of kernel `{wanted}` here"))?;
    }
    Ok(())
}
