//! Disclosure control: what leaves the library does not show small counts of persons (ruling 39). Writes no file.

mod round;
mod secondary;
#[cfg(test)]
mod tests;

use hashbrown::HashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::operations::{Apply, Operation, OperationOf, add_text, is_cumulative, traced, with_cells};
use crate::series::{Components, ConfStatus, Flag, Measured, Observation, Operand, ProtectionRule, Reason, Reasons, Series, Traced};

/// How small counts are protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ProtectMethod {
    /// Leave them out (Q), and what they could be computed from.
    #[default]
    Suppress,
    /// Round counts to a base.
    Round,
}

/// Options of [`Series::protect`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ProtectOptions {
    /// Counts from 1 to this are hidden.
    pub max_suppressed: u32,
    /// Hide zeros too, and shares of 0 and 100 per cent.
    pub protect_zeros: bool,
    /// Suppress, or round.
    pub method: ProtectMethod,
    /// The base of rounding: 3 or 5.
    #[schemars(extend("enum" = [3, 5]))]
    pub base: u32,
    /// Whether each value counts from a beginning, so that its increments are counts too; found from the series where not given.
    pub cumulative: Option<bool>,
}

impl Default for ProtectOptions {
    fn default() -> Self {
        Self { max_suppressed: 4, protect_zeros: false, method: ProtectMethod::Suppress, base: 3, cumulative: None }
    }
}

pub(crate) static PROTECT: Operation = Operation::of::<ProtectOptions>();

impl OperationOf for ProtectOptions {
    const NAME: &'static str = "protect";
    const WORDS: &'static str =
        "The same series with small counts hidden, and what they could be computed from, or with counts rounded to a base (ruling 39).";
    const APPLY: Apply<Self> = Apply::One(Series::protect);
}

/// What became of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Shown,
    /// It shows a small count.
    Primary,
    /// It would let another one be computed.
    Secondary,
    /// It is made of a hidden cell.
    Made,
    /// It was suppressed before.
    Before,
}

impl State {
    fn is_hidden(self) -> bool {
        self != Self::Shown
    }
}

/// What became of the cells of the series that a series is made of.
type Sources = HashMap<*const Measured, Vec<State>>;

impl Series {
    /// The series as it may be published: small counts are suppressed, or all counts are rounded to a base.
    ///
    /// **Suppress.** A count from 1 to `max_suppressed` is hidden: missing with Q and without components, never 0. So is every
    /// value from which such a count can be read: a share with such a numerator, denominator or complement (denominator −
    /// numerator), a change with such an end, a mean or difference of such counts, an increment of a cumulative series; so are the
    /// components of a cell that is missing for another reason, which becomes Q. Zeros, and 0 and 100 per cent, are hidden by
    /// `protect_zeros` only. Then, in each period of a table with totals, further cells are hidden until no hidden cell can be computed
    /// from the totals: the smallest first, ties by label. A cell is safe when no sum over a dimension, and no set of such sums, gives its
    /// value, and no single sum gives its value by way of its range. Zeros hide nothing and stay. Ranges that follow from several sums
    /// together are not checked, nor other tables.
    ///
    /// **Derived values** are those of protected counts: what an operation made of cells that this rule hides, for whichever of
    /// these reasons, is hidden with them. For that a series remembers what it was made of, through 32 operations.
    ///
    /// **Round.** Counts are rounded to the nearest multiple of `base`, and shares are computed from rounded counts. Protect the
    /// counts first for other values; they are refused.
    ///
    /// A note on the series says what was done; vintages are dropped. Time grows with the number of cells, and in tables of two
    /// or more dimensions with the cube of the hidden cells of a period.
    ///
    /// # Errors
    /// A base that is not 3 or 5, and rounding of values that were computed from counts.
    ///
    /// ```
    /// use ehelse_core::{Frequency, Observation, Period, ProtectOptions, Series};
    /// let year = Period::parse("2019")?;
    /// let rows = [("03", 17.0), ("11", 3.0), ("15", 9.0), ("NO", 29.0)];
    /// let rows = rows.map(|(region, count)| Observation::new(year, Some(count)).labelled(&[region]));
    /// let opt_outs = Series::reported("persons", Frequency::Year, &["region"], rows.to_vec())?;
    /// let shown = opt_outs.protect(&ProtectOptions::default())?;
    /// assert_eq!(shown.at("2019", &["11"])?.flags.to_string(), "Q");
    /// assert_eq!(shown.at("2019", &["15"])?.value, None, "or 29 − 17 − 9 would be known");
    /// assert_eq!(shown.at("2019", &["03"])?.value, Some(17.0));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn protect(&self, options: &ProtectOptions) -> Result<Self> {
        if !matches!(options.base, 3 | 5) {
            return Err(Error::invalid(format!("option `base` is {}; counts are rounded to 3 or 5 (ruling 39)", options.base)));
        }
        let measured = self.current();
        let (observations, rule) = match options.method {
            ProtectMethod::Round => {
                let rounded = measured.observations.iter().map(|o| round::rounded(measured, o, options.base));
                (rounded.collect::<Result<_>>()?, ProtectionRule::Rounded { base: options.base })
            }
            ProtectMethod::Suppress => {
                let cumulative = options.cumulative.unwrap_or_else(|| is_cumulative(self));
                let rule = ProtectionRule::Suppressed { max_suppressed: options.max_suppressed, zeros: options.protect_zeros };
                (suppressed(self, cumulative, options), rule)
            }
        };
        let checked = measured.observations.iter().all(|o| o.value.is_none() || traced(measured, o) != Traced::default());
        Ok(self.derived(with_cells(measured, observations), |head| {
            head.protection = vec![rule];
            if !checked {
                add_text(
                    &mut head.warnings,
                    "some values do not say which counts they were computed from, and could not be protected".to_owned(),
                );
            }
        }))
    }
}

fn suppressed(series: &Series, cumulative: bool, options: &ProtectOptions) -> Vec<Observation> {
    let hide = |(o, state): (&Observation, State)| {
        let (confidentiality, reason) = match state {
            State::Shown => return o.clone(),
            State::Before => return Observation { components: None, ..o.clone() },
            State::Primary => (ConfStatus::Primary, Reason::SmallCount),
            State::Secondary | State::Made => (ConfStatus::Secondary, Reason::ProtectsAnother),
        };
        let (flags, reasons) = ((o.flags | Flag::Q).as_missing(Flag::Q), Reasons::from_iter([reason]));
        Observation { value: None, components: None, flags, confidentiality, reasons, ..o.clone() }
    };
    series.observations().iter().zip(states(series, cumulative, options, &mut Sources::new())).map(hide).collect()
}

/// What becomes of the cells, after those of the series that they are made of.
fn states(series: &Series, cumulative: bool, options: &ProtectOptions, sources: &mut Sources) -> Vec<State> {
    let measured = series.current();
    for operand in measured.observations.iter().flat_map(Observation::operands) {
        let source: *const Measured = operand.series().current();
        if !sources.contains_key(&source) {
            let states = states(operand.series(), is_cumulative(operand.series()), options, sources);
            sources.insert(source, states);
        }
    }
    let mut states: Vec<State> = measured.observations.iter().map(|o| first_state(measured, o, options, sources)).collect();
    if cumulative {
        hide_increments(&measured.observations, &mut states, options);
    }
    secondary::hide(measured, &mut states, options);
    states
}

fn first_state(measured: &Measured, cell: &Observation, options: &ProtectOptions, sources: &Sources) -> State {
    let has_number = |components: &Components| Components::NUMERIC.iter().any(|(_, read)| read(components).is_some());
    if cell.value.is_none() && cell.flags.contains(Flag::Q) {
        return State::Before;
    }
    if cell.value.is_none() && !cell.components.as_deref().is_some_and(has_number) {
        return State::Shown;
    }
    let counts = traced(measured, cell);
    let small = counts.smallest.is_some_and(|count| count <= f64::from(options.max_suppressed));
    let hidden = |operand: &Operand| {
        let states = sources.get(&std::ptr::from_ref(operand.series().current()));
        operand.position().zip(states).is_some_and(|(place, states)| states[place].is_hidden())
    };
    if small || options.protect_zeros && counts.zero {
        return State::Primary;
    }
    if cell.operands().iter().any(hidden) { State::Made } else { State::Shown }
}

/// Hides values that would show, beside the last shown one before them, a small increment.
fn hide_increments(cells: &[Observation], states: &mut [State], options: &ProtectOptions) {
    let mut last: Option<(usize, f64)> = None;
    for i in 0..cells.len() {
        let (Some(value), State::Shown) = (cells[i].value, states[i]) else { continue };
        if let Some((_, before)) = last.filter(|(at, _)| cells[*at].labels == cells[i].labels) {
            let increment = value - before;
            if increment > 0.0 && increment <= f64::from(options.max_suppressed) || options.protect_zeros && increment == 0.0 {
                states[i] = State::Primary;
                continue;
            }
        }
        last = Some((i, value));
    }
}
