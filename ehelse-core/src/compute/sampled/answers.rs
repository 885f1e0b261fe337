//! Weighted proportions of answers by wave, question and group (rulings 34–36). Holds no formula.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Cell, Periods, layout};
use crate::error::{Error, Result, hint, kind_of};
use crate::kernel::ParametersOf;
use crate::kernel::proportion::{Estimate, Estimates, Parameters, Part, RELIABLE_BASE, Standing, Weighed, estimate};
use crate::labels::{UNKNOWN, total_label};
use crate::operations::trace_of;
use crate::rows::groups::Layout;
use crate::series::{Components, Flag, Head, Measured, Observation, Reason, Series, Traced};

/// Where the labels of a kernel's role stand in a cell.
struct LabelPositions {
    question: Option<usize>,
    strata: Option<usize>,
    cluster: Option<usize>,
    answer: usize,
}

/// The codes of one question.
struct AnswerCodes {
    known: Vec<String>,
    counted: Vec<String>,
    non_response: Vec<String>,
}

/// The respondents to one question in one wave.
type Design<'a> = ((i32, Option<Arc<str>>), Vec<usize>);

pub(super) fn measured(
    periods: &Periods<'_>,
    answers: &Parameters,
    cells: &[Cell<'_, Weighed>],
    (name, unit): (&str, &str),
    head: &mut Head,
) -> Result<Vec<Measured>> {
    let aggregation = periods.aggregation;
    let positions = LabelPositions::new(periods, cells)?;
    if positions.strata.is_none() && positions.cluster.is_none() && !cells.is_empty() {
        head.notes
            .push("weights only: no strata or clusters are given, so each respondent, weighted or not, is a primary unit in one stratum (ruling 35)".to_owned());
    }
    let (layout, of) = layout(cells, &aggregation.by, periods.plan.options.totals);
    let reference = answers.reference.as_deref().map(|label| reference(label, &layout, &aggregation.by)).transpose()?;
    let is_total = |domain: usize| layout.outputs[domain].iter().zip(&aggregation.by).any(|(label, d)| **label == *total_label(d));
    let (mut shares, mut differences) = (Vec::new(), Vec::new());
    let designs = designs(&positions, cells).into_iter().map(|((slot, question), members)| {
        let own: Vec<(&Cell<'_, Weighed>, u32)> = members.iter().map(|i| (&cells[*i], of[*i])).collect();
        let codes = AnswerCodes::new(periods, answers, question.as_deref(), &own, &positions)?;
        Ok((slot, question, own, codes))
    });
    let designs = designs.collect::<Result<Vec<_>>>()?;
    // One series has one form: where a question or wave does not say which answers count, every answer is shown.
    let by_answer = answers.each_answer || designs.iter().any(|(.., codes)| codes.counted.is_empty());
    for (slot, question, own, codes) in designs {
        let each: Vec<(Option<&str>, Vec<&str>)> = if by_answer {
            codes
                .known
                .iter()
                .filter(|code| !codes.non_response.contains(code))
                .map(|code| (Some(code.as_str()), vec![code.as_str()]))
                .collect()
        } else {
            vec![(None, codes.counted.iter().map(String::as_str).collect())]
        };
        for (answer, counted) in each {
            let parts = parts(&own, &positions, &codes, &counted);
            let estimates = estimate(&parts, &layout.of, layout.outputs.len(), &answers.survey())?;
            let rows = counted_rows(&parts, &layout);
            let at = |domain: usize| {
                let labels = layout.outputs[domain].iter().cloned().chain(question.clone()).chain(answer.map(Arc::from)).collect();
                Observation::of(periods.period(slot), labels, None)
            };
            shares.extend(estimates.domains.iter().enumerate().map(|(i, one)| share(at(i), one, rows[i])));
            if let Some(reference) = reference {
                let others = (0..layout.outputs.len()).filter(|domain| *domain != reference && !is_total(*domain));
                for domain in others {
                    let found = difference(at(domain), &estimates, (domain, reference), answers.level)?;
                    differences.push((found, at(reference)));
                }
            }
        }
    }
    let asked = positions.question.map(|_| "question".to_owned());
    let dimensions: Vec<String> = aggregation.by.iter().cloned().chain(asked).chain(by_answer.then(|| "answer".to_owned())).collect();
    let shares = Series::new(Head::default(), vec![periods.measured((name, unit), dimensions.clone(), shares)?]);
    let mut measures = vec![shares.current().clone()];
    if reference.is_some() {
        let differences = differences.into_iter().map(|(found, reference)| of_shares(found, &reference, &shares)).collect();
        measures.push(periods.measured(("difference", "percentage_points"), dimensions, differences)?);
    }
    Ok(measures)
}

impl LabelPositions {
    /// A role that the rows do not have is nowhere.
    fn new(periods: &Periods<'_>, cells: &[Cell<'_, Weighed>]) -> Result<Self> {
        let place = |role: &str| -> Result<Option<usize>> {
            let Some(at) = periods.aggregation.place(role) else { return Ok(None) };
            let lacking = cells.iter().filter(|cell| &**cell.labels[at] == UNKNOWN).count();
            match lacking {
                0 => Ok((!cells.is_empty()).then_some(at)),
                n if n == cells.len() => Ok(None),
                _ if role == "question" => Ok(Some(at)),
                _ => Err(Error::invalid("the column is there for some rows and not for others; give it always or never"))
                    .map_err(|error| periods.place(error, role)),
            }
        };
        let answer = periods.aggregation.place("answer").unwrap_or(periods.aggregation.by.len());
        Ok(Self { question: place("question")?, strata: place("strata")?, cluster: place("cluster")?, answer })
    }
}

/// The cells of each wave and question, in their order.
fn designs<'a>(positions: &LabelPositions, cells: &[Cell<'_, Weighed>]) -> Vec<Design<'a>> {
    let mut designs: BTreeMap<(i32, Option<Arc<str>>), Vec<usize>> = BTreeMap::new();
    for (i, cell) in cells.iter().enumerate() {
        designs.entry((cell.slot, positions.question.map(|at| cell.labels[at].clone()))).or_default().push(i);
    }
    designs.into_iter().collect()
}

impl AnswerCodes {
    /// What is stated for the computation goes before what the catalogue has; true and false, and 1 and 0, need neither.
    fn new(
        periods: &Periods<'_>,
        answers: &Parameters,
        question: Option<&str>,
        cells: &[(&Cell<'_, Weighed>, u32)],
        positions: &LabelPositions,
    ) -> Result<Self> {
        let met: BTreeSet<&str> = cells.iter().map(|(cell, _)| &**cell.labels[positions.answer]).filter(|code| *code != UNKNOWN).collect();
        let asked = question.or(answers.question.as_deref());
        let questions = &periods.aggregation.questions;
        let known = asked.and_then(|asked| questions.iter().find(|question| question.id == asked));
        if let (Some(asked), None, true, true) = (asked, known, !questions.is_empty(), answers.counted.is_empty() && !answers.each_answer) {
            let ids = questions.iter().map(|question| question.id.as_str());
            // What a cell holds is not repeated.
            let error = match question {
                Some(cell) => Error::invalid(format!("{} is no question{}", kind_of(cell), hint(cell, ids))),
                None => Error::unknown("question", asked, ids),
            };
            return Err(Error::invalid(format!("{error}; or say which answers are `counted`")));
        }
        let or = |stated: &[String], own: Option<&Vec<String>>| {
            if stated.is_empty() { own.cloned().unwrap_or_default() } else { stated.to_vec() }
        };
        let mut codes = Self {
            known: periods.aggregation.answers_to(question).to_vec(),
            counted: or(&answers.counted, known.map(|question| &question.counted)),
            non_response: or(&answers.non_response, known.map(|question| &question.non_response)),
        };
        let stated = || codes.counted.iter().chain(&codes.non_response);
        if let (Some(other), false) = (stated().find(|code| !codes.known.contains(code)), codes.known.is_empty()) {
            let error = Error::unknown("answer", other, codes.known.iter().map(String::as_str));
            return Err(Error::invalid(format!("{error}; `counted` and `non_response` name answers that the question has (ruling 34)")));
        }
        let yes = [["true", "false"], ["1", "0"]].into_iter().find(|pair| !met.is_empty() && met.iter().all(|code| pair.contains(code)));
        if let (Some([yes, _]), true, true) = (yes, codes.counted.is_empty(), codes.known.is_empty()) {
            codes.counted = vec![yes.to_owned()];
        }
        if codes.known.is_empty() {
            codes.known = met.iter().map(|code| (*code).to_owned()).collect();
        }
        // Rows are checked as they are read, but for those whose question only the whole tells.
        met.iter()
            .try_for_each(|code| answers.check_label(code, periods.aggregation.answers_to(question)))
            .map_err(|error| periods.place(error, "answer"))?;
        Ok(codes)
    }
}

/// What each cell is to the counted answers.
fn parts(cells: &[(&Cell<'_, Weighed>, u32)], positions: &LabelPositions, codes: &AnswerCodes, counted: &[&str]) -> Vec<Part> {
    let numbers = |at: usize| -> BTreeMap<&str, u32> {
        let labels: BTreeSet<&str> = cells.iter().map(|(cell, _)| &**cell.labels[at]).collect();
        labels.into_iter().zip(0..).collect()
    };
    let (strata, clusters) = (positions.strata.map(numbers), positions.cluster.map(numbers));
    let number = |numbers: &BTreeMap<&str, u32>, label: &str| numbers.get(label).copied().unwrap_or_default();
    let part = |(cell, group): &(&Cell<'_, Weighed>, u32)| {
        let code = &**cell.labels[positions.answer];
        let silent = code == UNKNOWN || codes.non_response.iter().any(|none| none == code);
        Part {
            stratum: strata.as_ref().zip(positions.strata).map_or(0, |(numbers, at)| number(numbers, cell.labels[at])),
            cluster: clusters.as_ref().zip(positions.cluster).map(|(numbers, at)| number(numbers, cell.labels[at])),
            group: *group,
            standing: match silent {
                true => Standing::Silent,
                false if counted.contains(&code) => Standing::Counted,
                false => Standing::Answered,
            },
            rows: cell.sums.rows,
            weight: cell.sums.weight,
            square: cell.sums.square,
        }
    };
    cells.iter().map(part).collect()
}

/// How many gave a counted answer, and how many another, in each domain.
fn counted_rows(parts: &[Part], layout: &Layout) -> Vec<[u64; 2]> {
    let mut rows = vec![[0; 2]; layout.outputs.len()];
    for part in parts.iter().filter(|part| part.standing != Standing::Silent) {
        let at = usize::from(part.standing == Standing::Answered);
        layout.of[part.group as usize].iter().for_each(|domain| rows[*domain as usize][at] += part.rows);
    }
    rows
}

/// A value with what the estimate says of it; `few` says why it is of few answers.
fn estimated(at: Observation, value: Option<f64>, reason: Option<&Reason>, few: Option<Reason>) -> Observation {
    let mut o = Observation { value, ..at };
    match (reason, value) {
        (Some(reason), None) => o = o.missing(Flag::O, reason.clone()),
        (Some(reason), Some(_)) => o = o.because(reason.clone()),
        (None, _) => {}
    }
    if value.is_some() {
        o.flags = o.flags.without(Flag::O);
        if let Some(few) = few {
            o = o.flagged(Flag::U).because(few);
        }
    }
    o
}

fn percent(part: Option<f64>) -> Option<f64> {
    part.map(|part| part * 100.0)
}

/// An estimate in per cent; standard error and interval in percentage points and per cent.
fn share(at: Observation, one: &Estimate, rows: [u64; 2]) -> Observation {
    let few = (one.base < RELIABLE_BASE).then_some(Reason::FewAnswers { answers: one.base, needed: RELIABLE_BASE });
    let smallest = rows.into_iter().filter(|rows| *rows > 0).min();
    estimated(at, percent(one.value), one.reason.as_ref(), few).with(|components| {
        (components.numerator, components.denominator) = (Some(one.numerator), Some(one.denominator));
        (components.base, components.effective_base) = (Some(one.base as f64), one.effective_base);
        components.standard_error = percent(one.standard_error);
        (components.lower, components.upper) = (percent(one.lower), percent(one.upper));
        components.traced = Some(Traced { smallest: smallest.map(|rows| rows as f64), zero: rows.contains(&0) });
    })
}

/// A difference from the reference, in percentage points.
fn difference(at: Observation, estimates: &Estimates, (domain, reference): (usize, usize), level: f64) -> Result<Observation> {
    let found = estimates.difference(domain, reference, level)?;
    let few = [domain, reference].iter().any(|one| estimates.domains[*one].base < RELIABLE_BASE);
    let few = few.then_some(Reason::FewAnswersOfBase { needed: RELIABLE_BASE });
    Ok(estimated(at, percent(found.value), found.reason.as_ref(), few).with(|components| {
        components.standard_error = percent(found.standard_error);
        (components.lower, components.upper) = (percent(found.lower), percent(found.upper));
        components.p_value = found.p_value;
    }))
}

/// A difference that says which shares it is of: with them it is suppressed (ruling 39).
fn of_shares(found: Observation, reference: &Observation, shares: &Series) -> Observation {
    let cells = [&found, reference].map(|o| shares.current().get(&o.labels, o.period));
    let Components { traced, operands, .. } = trace_of(cells.into_iter().flatten().map(|share| (shares, share)));
    found.with(|components| (components.traced, components.operands) = (traced, operands))
}

/// The domain that differences are taken from.
fn reference(label: &str, layout: &Layout, by: &[String]) -> Result<usize> {
    if by.len() != 1 {
        return Err(Error::invalid(format!("`reference` is a group of one dimension, but there are {}; name one in `by`", by.len())));
    }
    let known = layout.outputs.iter().map(|labels| &*labels[0]);
    layout.outputs.iter().position(|labels| &*labels[0] == label).ok_or_else(|| Error::unknown("group", label, known))
}
