//! Runs a case through the public names of the library, every way that must give the same. Knows no rule.

use std::ops::ControlFlow;

use ehelse_core::{Catalogue, Computation, Error, ErrorKind, Frequency, KernelName, Options, Series};
use serde_json::{Map, Value};

use crate::Outcome;
use crate::case::{Case, Given, Refusal, Run, SeriesOptions, Spoil, Start};
use crate::compare::compare;
use crate::table::{self, Table};

/// Where the first byte of the format version is in the bytes of a state.
const VERSION_AT: usize = 8;

/// What goes wrong: an error of the library, which a case may expect, or a fault that none does.
enum Fault {
    Library(Error),
    Other(String),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Library(error)
    }
}

impl From<String> for Fault {
    fn from(fault: String) -> Self {
        Self::Other(fault)
    }
}

impl From<Fault> for String {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Library(error) => format!("unexpected error: {error:?}"),
            Fault::Other(fault) => fault,
        }
    }
}

/// How the rows reach the computation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// All batches in one computation.
    Together,
    /// One computation for each batch, merged, the last one first where the order does not matter.
    Merged,
    /// Through bytes after each batch.
    Bytes,
}

/// Runs a case.
pub(crate) fn run(case: &Case) -> Outcome<()> {
    let together = result(case, Way::Together);
    if let (Some(refusal), None, true) = (&case.error, &case.expect, case.measures.is_empty()) {
        return match together {
            Ok(_) if refusal.batch.is_some() => Ok(()),
            Ok(_) => Err(format!("no error, where {} was expected: {:?}", refusal.kind, refusal.contains)),
            Err(Fault::Library(error)) => refused(refusal, &error),
            Err(fault) => Err(fault.into()),
        };
    }
    let (series, bytes) = together?;
    check(case, &series)?;
    if case.series.is_some() {
        return Ok(());
    }
    for way in [Way::Merged, Way::Bytes] {
        let (other, other_bytes) = result(case, way).map_err(|fault| format!("{way:?}: {}", String::from(fault)))?;
        check(case, &other).map_err(|fault| format!("{way:?}: {fault}"))?;
        if other != series {
            return Err(format!("{way:?} gives another series\n{series:?}\n{other:?}"));
        }
        if other_bytes != bytes {
            return Err(format!("{way:?} gives other state bytes"));
        }
    }
    match at_once(case).map_err(|fault| format!("at once: {}", String::from(fault)))? {
        Some(other) if other != series => Err(format!("at once gives another series\n{series:?}\n{other:?}")),
        _ => Ok(()),
    }
}

/// The catalogue of a case that brings its own.
fn catalogue(case: &Case) -> ehelse_core::Result<Option<Catalogue>> {
    case.catalogue_text.as_ref().map(|text| Catalogue::from_str("catalogue.toml", text)).transpose()
}

/// The series of all batches at once, where the case has one computation and no batch that must be refused.
fn at_once(case: &Case) -> Result<Option<Series>, Fault> {
    let own = catalogue(case)?;
    let catalogue = own.as_ref().unwrap_or(Catalogue::builtin());
    let (Some(run), None, None) = (case.run()?.filter(|run| run.opening.is_none()), case.merged()?, &case.error) else {
        return Ok(None);
    };
    let mut computation = new(&run, catalogue)?;
    let mut batches = Vec::new();
    for given in &run.given {
        if given.series.is_some() {
            hand(&mut computation, given)??;
        } else {
            batches.push(given.table.batch(given.input.as_deref())?);
        }
    }
    Ok(Some(computation.series_of(&batches, &mut |_| ControlFlow::Continue(()))?))
}

/// The series of the case before its operations, and the bytes of the state.
fn result(case: &Case, way: Way) -> Result<(Series, Vec<u8>), Fault> {
    if let (Some(text), Some(options)) = (&case.series, &case.series_options) {
        let series = figures(&table::figures(text)?, options)?;
        if case.expect.is_none() {
            applied(case, &series)?;
        }
        return Ok((series, Vec::new()));
    }
    let own = catalogue(case)?;
    let catalogue = own.as_ref().unwrap_or(Catalogue::builtin());
    let first = case.run()?.ok_or_else(|| "no computation".to_owned())?;
    let second = case.merged()?;
    let mut computation = taken(&first, catalogue, way, case.error.as_ref().filter(|error| error.batch.is_some()))?;
    if let Some(second) = second {
        let mut second = taken(&second, catalogue, way, None)?;
        match (&case.error, &case.expect) {
            (Some(refusal), Some(_)) => expected(refusal, computation.merge(&second))?,
            _ if way == Way::Merged && !ordered(&first) => {
                second.merge(&computation)?;
                computation = second;
            }
            _ => computation.merge(&second)?,
        }
    }
    let bytes = computation.to_bytes()?;
    if let Some(spoil) = &case.state {
        Computation::from_bytes(&spoiled(spoil, bytes.clone()), catalogue)?;
    }
    let series = computation.finish()?;
    if case.expect.is_none() && case.measures.is_empty() {
        applied(case, &series)?;
    }
    Ok((series, bytes))
}

/// Whether the rows are promised in order of time.
fn ordered(run: &Run) -> bool {
    run.options.get("order").is_some_and(|order| order == "log")
}

/// A computation that has taken what it is given, but for a batch that must be refused.
fn taken(run: &Run, catalogue: &Catalogue, way: Way, refusal: Option<&Refusal>) -> Result<Computation, Fault> {
    let mut whole = new(run, catalogue)?;
    if let Some(opening) = &run.opening {
        whole.open(&opening.batch(None)?)?;
    }
    let mut parts = Vec::new();
    for (i, given) in run.given.iter().enumerate() {
        if let Some(refusal) = refusal.filter(|refusal| refusal.batch == Some(i)) {
            if way != Way::Merged {
                expected(refusal, hand(&mut whole, given)?)?;
            }
        } else if way == Way::Merged {
            let mut part = new(run, catalogue)?;
            hand(&mut part, given)??;
            parts.push(part);
        } else {
            hand(&mut whole, given)??;
        }
        if way == Way::Bytes {
            let bytes = whole.to_bytes()?;
            whole = Computation::from_bytes(&bytes, catalogue)?;
            if whole.to_bytes()? != bytes {
                return Err(Fault::Other("bytes that are read and written again differ".to_owned()));
            }
        }
    }
    if !ordered(run) {
        parts.reverse();
    }
    parts.iter().try_for_each(|part| whole.merge(part))?;
    Ok(whole)
}

/// The computation of a run, before it takes anything.
fn new(run: &Run, catalogue: &Catalogue) -> ehelse_core::Result<Computation> {
    let options = Options::from_json(&json(&run.options))?;
    match &run.start {
        Start::Indicator(id) => Computation::new(catalogue.indicator(id)?, &options),
        Start::Kernel(name) => {
            let known = KernelName::parse(name).ok_or_else(|| Error::invalid(format!("unknown kernel `{name}`")))?;
            Computation::from_definition(known, &options)
        }
    }
}

/// Gives a table to a computation.
fn hand(computation: &mut Computation, given: &Given) -> Outcome<ehelse_core::Result<()>> {
    Ok(match (&given.series, given.input.as_deref()) {
        (Some(options), Some(input)) => figures(&given.table, options).and_then(|series| computation.set_series(input, &series)),
        (_, input) => computation.update(&given.table.batch(input)?),
    })
}

fn figures(table: &Table, options: &SeriesOptions) -> ehelse_core::Result<Series> {
    let batch = table.batch(None).map_err(Error::invalid)?;
    Series::from_batch(&batch, &options.unit, Frequency::parse(&options.frequency)?, &table.dimensions())
}

/// The series after the operations of the case.
fn applied(case: &Case, series: &Series) -> Result<Series, Fault> {
    let mut series = series.clone();
    for apply in &case.apply {
        let other = match (&apply.other, &apply.other_options) {
            (Some(text), Some(options)) => Some(figures(&table::figures(text)?, options)?),
            _ => None,
        };
        series = series.apply(&apply.operation, &json(&apply.options), other.as_ref())?;
    }
    Ok(series)
}

fn json(options: &Map<String, Value>) -> String {
    Value::Object(options.clone()).to_string()
}

fn spoiled(spoil: &Spoil, mut bytes: Vec<u8>) -> Vec<u8> {
    match spoil {
        Spoil::Cut(n) => bytes.truncate(bytes.len().saturating_sub(*n)),
        Spoil::Keep(n) => bytes.truncate(*n),
        Spoil::Append(n) => bytes.resize(bytes.len() + n, 0),
        Spoil::Flip(at) => {
            let at = if *at < 0 { bytes.len() - at.unsigned_abs() as usize } else { *at as usize };
            bytes[at] ^= 1;
        }
        Spoil::Version(version) => bytes[VERSION_AT] = *version,
        Spoil::Text(text) => bytes = text.as_bytes().to_vec(),
    }
    bytes
}

/// Compares everything that the case says of the result.
fn check(case: &Case, series: &Series) -> Outcome<()> {
    let end = applied(case, series)?;
    if let Some(table) = &case.expect {
        compare("the result differs", table, &end, case.decimals)?;
    }
    for (name, table) in &case.measures {
        let measure = series.measure(name).map_err(|error| error.to_string())?;
        compare(&format!("measure {name} differs"), table, &measure, case.decimals)?;
    }
    if let Some(unit) = case.unit.as_ref().filter(|unit| *unit != end.unit()) {
        return Err(format!("the unit is {}, not {unit}", end.unit()));
    }
    let (first, last) = (series.head(), end.head());
    said("warning", &case.warnings, &first.warnings, &last.warnings)?;
    said("note", &case.notes, &first.notes, &last.notes)?;
    let counts = serde_json::to_value(series.head().counts).map_err(|error| error.to_string())?;
    match case.counts.iter().find(|(name, count)| counts.get(*name).and_then(Value::as_u64) != Some(**count)) {
        Some((name, count)) => Err(format!("{name} is not {count}: {counts}")),
        None => Ok(()),
    }
}

/// That each text is said before or after the operations.
fn said(what: &str, wanted: &[String], before: &[String], after: &[String]) -> Outcome<()> {
    match wanted.iter().find(|part| !before.iter().chain(after).any(|text| text.contains(*part))) {
        Some(part) => Err(format!("no {what} says `{part}`: {before:?} {after:?}")),
        None => Ok(()),
    }
}

/// A step that must be refused.
fn expected(refusal: &Refusal, result: ehelse_core::Result<()>) -> Outcome<()> {
    match result {
        Ok(()) => Err(format!("no error, where {} was expected: {:?}", refusal.kind, refusal.contains)),
        Err(error) => refused(refusal, &error),
    }
}

/// Whether an error is the one that is expected.
fn refused(refusal: &Refusal, error: &Error) -> Outcome<()> {
    let kind = match error.kind() {
        ErrorKind::InvalidInput => "invalid_input",
        ErrorKind::UnknownIndicator => "unknown_indicator",
        ErrorKind::Catalogue => "catalogue",
        ErrorKind::Computation => "computation",
        _ => "stopped",
    };
    let message = error.to_string();
    match refusal.contains.iter().find(|part| !message.contains(*part)) {
        Some(part) => Err(format!("the error does not say {part}: {kind}: {message}")),
        None if kind != refusal.kind => Err(format!("the error is of kind {kind}, not {}: {message}", refusal.kind)),
        None => Ok(()),
    }
}
