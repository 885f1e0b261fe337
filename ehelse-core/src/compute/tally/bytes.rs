//! Accumulators as state bytes, and back. Decides no rule.

use super::by_key::each_key;
use super::{ByKey, DatedAmounts, Tally, gap, never_closed};
use crate::bytes::{Reader, Writer};
use crate::compute::plan::{Lie, Station, What};
use crate::error::Result;
use crate::kernel::active::Active;
use crate::kernel::composite::Scores;
use crate::kernel::count::Count;
use crate::kernel::sealed::Sealed;
use crate::kernel::sightings::Sightings;
use crate::kernel::sum::Sum;
use crate::kernel::visits::Visits;
use crate::kernel::weights::Weights;
use crate::rows::groups::Groups;
use crate::rows::ids::IdKind;

impl Tally {
    /// Writes the state with the group numbers `codes`; `groups` are those of the state.
    pub(crate) fn write(&self, codes: &[u32], what: &What, groups: &Groups, to: &mut Writer) -> Result<()> {
        let gap = gap(what, groups);
        match self {
            Self::Count(count) => count.write(codes, to),
            Self::Sum(sum) => sum.write(codes, to),
            Self::Sightings(kind, state) => {
                kind.write(to);
                each_key!(state, s => s.write(codes, to)?);
            }
            Self::Latest(..) | Self::ByTime(..) => return Err(never_closed()),
            Self::Visits(kind, state) => {
                kind.write(to);
                each_key!(state, s => s.write(codes, gap, to)?);
            }
            Self::Sealed(kind, state) => {
                kind.write(to);
                each_key!(state, s => s.write(codes, gap, to));
            }
            Self::Active(active) => active.write(codes, to)?,
            Self::Amounts(kind, dated) => {
                kind.write(to);
                dated.write(codes, to)?;
            }
            Self::Weights(weights) => weights.write(codes, to),
            Self::Scores(scores) => scores.write(codes, to),
        }
        Ok(())
    }

    /// Reads the state of a station.
    pub(crate) fn read(station: &Station, lie: Lie, groups: &Groups, from: &mut Reader<'_>) -> Result<Self> {
        fn by_key<N, W>(
            from: &mut Reader<'_>,
            narrow: impl FnOnce(&mut Reader<'_>) -> Result<N>,
            wide: impl FnOnce(&mut Reader<'_>) -> Result<W>,
        ) -> Result<(IdKind, ByKey<N, W>)> {
            let kind = IdKind::read(from)?;
            Ok((kind, if kind.is_wide() { ByKey::Wide(wide(from)?) } else { ByKey::Narrow(narrow(from)?) }))
        }
        let gap = gap(&station.what, groups);
        Ok(match Self::new(station, lie) {
            Self::Count(_) => Self::Count(Count::read(from, groups.len())?),
            Self::Sum(_) => Self::Sum(Sum::read(from, groups.len())?),
            Self::Sightings(..) => {
                let (kind, state) = by_key(from, |from| Sightings::read(from, groups), |from| Sightings::read(from, groups))?;
                Self::Sightings(kind, state)
            }
            Self::Latest(..) | Self::ByTime(..) => return Err(Reader::broken()),
            Self::Visits(..) => {
                let (kind, state) = by_key(from, |from| Visits::read(from, gap), |from| Visits::read(from, gap))?;
                Self::Visits(kind, state)
            }
            Self::Sealed(..) => {
                let (kind, state) = by_key(from, |from| Sealed::read(from, groups), |from| Sealed::read(from, groups))?;
                Self::Sealed(kind, state)
            }
            Self::Active(_) => Self::Active(Box::new(Active::read(from, groups)?)),
            Self::Amounts(..) => Self::Amounts(IdKind::read(from)?, DatedAmounts::read(from, groups)?),
            Self::Weights(_) => Self::Weights(Weights::read(from, groups.len())?),
            Self::Scores(_) => Self::Scores(Scores::read(from, groups.len())?),
        })
    }
}
