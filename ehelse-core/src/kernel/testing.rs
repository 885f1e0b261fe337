//! What tests of states have in common.

use super::{Accumulator, Context, Resumable};
use crate::bytes::{Reader, Writer};
use crate::calendar::{Frequency, Zone};
use crate::error::Result;
use crate::observer::Pulse;
use crate::rows::groups::Groups;

/// So many groups of one dimension, labelled by their numbers.
pub(crate) fn groups(count: u32) -> Groups {
    labelled(&(0..count).map(|group| group.to_string()).collect::<Vec<_>>())
}

pub(crate) fn labelled(labels: &[impl AsRef<str>]) -> Groups {
    let mut groups = Groups::new(1);
    for label in labels {
        let label = groups.label(label.as_ref());
        groups.group(&[label]);
    }
    groups
}

/// Of rows of these groups, by day in UTC.
pub(crate) fn context<'a>(groups: &'a Groups, pulse: &'a Pulse) -> Context<'a> {
    Context { groups, periods: (Zone::parse("UTC").unwrap(), Frequency::Day), follows: false, pulse }
}

pub(crate) fn merge<T: Accumulator>(state: &mut T, other: &T, renumbered: &[u32], groups: &Groups) -> Result<()> {
    state.can_merge(other, renumbered)?;
    state.merge(other, renumbered, context(groups, &Pulse::default()))
}

pub(crate) fn bytes<T: Resumable>(state: &T, renumbered: &[u32], groups: &Groups) -> Vec<u8> {
    let mut to = Writer::default();
    state.write(renumbered, &mut to, context(groups, &Pulse::default())).unwrap();
    to.0
}

/// The state in bytes, of the same rule as an empty one.
pub(crate) fn read<T: Resumable>(empty: &T, bytes: &[u8], groups: &Groups) -> Result<T> {
    empty.read(&mut Reader::new(bytes), context(groups, &Pulse::default()))
}
