//! Flows: how many events by sender and receiver, with the totals of both.
//!
//! Rule: that of [`count`](mod@super::count), by two dimensions that the result always has.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::spec::{Kernel, Need, ParametersOf, Reads, Role, Spec, Unit};
use super::{Kept, count};
use crate::calendar::Frequency;
use crate::series::AddsUp;

/// The kernel takes none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {}

const fn end(name: &'static str, words: &'static str) -> Role {
    Role { need: Need::Always, ..Role::label(name, Reads::Dimension, words) }
}

impl Kernel for Parameters {
    const SPEC: &'static Spec = &Spec {
        name: "flows",
        words: "Rows by sender and receiver, with the totals of both (ruling 5).",
        roles: &[Role::TIME, end("sender", "Who sends."), end("receiver", "Who receives."), Role::COUNT, Role::EVENT],
        unit: Unit::Usual("messages"),
        frequency: Frequency::Year,
        ..Spec::USUAL
    };
}

impl ParametersOf for Parameters {
    fn adds_up(&self) -> AddsUp {
        AddsUp::Everywhere
    }

    fn state(&self, _in_order: bool) -> Kept {
        Kept::Count(count::Count::default())
    }

    fn state_key(&self) -> String {
        count::STATE.to_owned()
    }
}
