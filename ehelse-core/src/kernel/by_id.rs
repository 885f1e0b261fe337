//! States whose ids are 64 or 128 bits wide, and how they widen. Decides no rule.

use std::borrow::Cow;
use std::fmt::Debug;

use super::{Accumulator, Context, Needs, Question, Resumable, RowBlock, TakesRows, Values};
use crate::bytes::{Reader, Writer};
use crate::column::Keys;
use crate::error::Result;
use crate::rows::ids::{IdKind, Key};

/// A state that takes rows with ids of one width.
pub(crate) trait TakesKeys<K: Key>: Debug + Send + Sync {
    fn needs(&self) -> Needs;
    fn push(&mut self, keys: &[K], rows: &RowBlock, context: Context<'_>) -> Result<()>;
    fn memory(&self) -> usize;
    fn explain(&self) -> &'static str;
}

/// A state by 64-bit ids, and what it is with 128-bit ones.
pub(crate) trait Widen: TakesKeys<u64> {
    type Wide: TakesKeys<u128>;

    /// The same with 128-bit ids, in the reading of a kind.
    fn widen(&self, kind: IdKind) -> Self::Wide;
}

/// A state by ids that is kept: as [`Resumable`], in one width.
pub(crate) trait Keyed<K: Key>: TakesKeys<K> + Clone {
    /// Whether taking another costs the length of that one only, and cannot be stopped.
    const MERGES_AT_ONCE: bool = false;

    fn can_merge(&self, _other: &Self) -> Result<()> {
        Ok(())
    }
    fn merge(&mut self, other: &Self, renumbered: &[u32], context: Context<'_>) -> Result<()>;
    fn values(&self, question: Question<'_>, context: Context<'_>) -> Result<Values>;
    fn write(&self, renumbered: &[u32], to: &mut Writer, context: Context<'_>) -> Result<()>;
    fn read(&self, from: &mut Reader<'_>, context: Context<'_>) -> Result<Self>;
}

/// A state with ids of one width or the other.
#[derive(Debug, Clone)]
pub(crate) enum Width<N, W> {
    Narrow(N),
    Wide(W),
}

/// A state by ids, and the kind of the ids that it has met.
#[derive(Debug, Clone)]
pub(crate) struct ById<N: Widen> {
    pub(super) kind: IdKind,
    pub(super) state: Width<N, N::Wide>,
}

impl<N: Widen> ById<N> {
    pub(crate) fn new(empty: N) -> Self {
        Self { kind: IdKind::None, state: Width::Narrow(empty) }
    }

    pub(crate) fn kind(&self) -> IdKind {
        self.kind
    }

    /// Takes ids of a kind from now on.
    fn admit(&mut self, kind: IdKind) -> Result<()> {
        let both = self.kind.with(kind)?;
        if let (true, Width::Narrow(narrow)) = (both.is_wide(), &self.state) {
            self.state = Width::Wide(narrow.widen(self.kind));
        }
        self.kind = both;
        Ok(())
    }

    /// The state with 128-bit ids.
    pub(crate) fn wide(&self) -> Cow<'_, N::Wide>
    where
        N::Wide: Clone,
    {
        match &self.state {
            Width::Narrow(narrow) => Cow::Owned(narrow.widen(self.kind)),
            Width::Wide(wide) => Cow::Borrowed(wide),
        }
    }
}

impl<N: Widen> TakesRows for ById<N> {
    fn needs(&self) -> Needs {
        match &self.state {
            Width::Narrow(state) => state.needs(),
            Width::Wide(state) => state.needs(),
        }
    }

    fn push(&mut self, rows: &RowBlock, context: Context<'_>) -> Result<()> {
        let Some((keys, kind)) = &rows.keys else { return Ok(()) };
        self.admit(*kind)?;
        match (&mut self.state, keys) {
            (Width::Narrow(state), Keys::Narrow(keys)) => state.push(keys, rows, context),
            (Width::Wide(state), keys) => state.push(&keys.wide(*kind), rows, context),
            // Rows without a single id: there is nothing to take.
            (Width::Narrow(_), Keys::Wide(_)) => Ok(()),
        }
    }

    fn memory(&self) -> usize {
        match &self.state {
            Width::Narrow(state) => state.memory(),
            Width::Wide(state) => state.memory(),
        }
    }

    fn explain(&self) -> String {
        match &self.state {
            Width::Narrow(state) => format!("{}, 64-bit ids", state.explain()),
            Width::Wide(state) => format!("{}, 128-bit ids", state.explain()),
        }
    }
}

impl<N: Widen + Keyed<u64>> Accumulator for ById<N>
where
    N::Wide: Keyed<u128>,
{
    fn can_merge(&self, other: &Self, _: &[u32]) -> Result<()> {
        self.kind.with(other.kind)?;
        match (&self.state, &other.state) {
            (Width::Narrow(ours), Width::Narrow(theirs)) => ours.can_merge(theirs),
            _ => self.wide().can_merge(&other.wide()),
        }
    }

    fn merges_at_once(&self) -> bool {
        N::MERGES_AT_ONCE
    }

    fn merge(&mut self, other: &Self, renumbered: &[u32], context: Context<'_>) -> Result<()> {
        self.admit(other.kind)?;
        match (&mut self.state, &other.state) {
            (Width::Narrow(ours), Width::Narrow(theirs)) => ours.merge(theirs, renumbered, context),
            (Width::Wide(ours), _) => ours.merge(&other.wide(), renumbered, context),
            // It has met no id.
            (Width::Narrow(_), Width::Wide(_)) => Ok(()),
        }
    }

    fn values(&self, question: Question<'_>, context: Context<'_>) -> Result<Values> {
        match &self.state {
            Width::Narrow(state) => state.values(question, context),
            Width::Wide(state) => state.values(question, context),
        }
    }
}

impl<N: Widen + Keyed<u64>> Resumable for ById<N>
where
    N::Wide: Keyed<u128>,
{
    fn write(&self, renumbered: &[u32], to: &mut Writer, context: Context<'_>) -> Result<()> {
        self.kind.write(to);
        match &self.state {
            Width::Narrow(state) => state.write(renumbered, to, context),
            Width::Wide(state) => state.write(renumbered, to, context),
        }
    }

    fn read(&self, from: &mut Reader<'_>, context: Context<'_>) -> Result<Self> {
        let mut empty = self.clone();
        empty.admit(IdKind::read(from)?)?;
        let state = match &empty.state {
            Width::Narrow(state) => Width::Narrow(state.read(from, context)?),
            Width::Wide(state) => Width::Wide(state.read(from, context)?),
        };
        Ok(Self { kind: empty.kind, state })
    }
}
