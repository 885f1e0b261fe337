//! A computation as bytes: versioned, with a checksum, canonical. Computes nothing.

use super::plan::Plan;
use super::state::State;
use super::{Computation, Options};
use crate::bytes::{Reader, Writer};
use crate::catalogue::Catalogue;
use crate::error::{Error, Result};
use crate::kernel::KernelName;
use crate::rows::ids::TEXT_HASH;
use crate::series::Series;

/// First bytes of a state.
const MAGIC: &[u8; 8] = b"EHELSEST";
/// Version of the form of state bytes.
const FORMAT: u32 = 4;

impl Computation {
    /// The state as bytes: versioned, with a checksum, and the same for the same set of rows.
    ///
    /// They hold identifiers of persons or organisations (integers as they are, text as XXH3-128): keep them as safe as the log.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut body = Writer::default();
        body.text(TEXT_HASH);
        body.option(self.plan.id.as_deref(), Writer::text);
        body.text(&self.plan.definition.0);
        body.u32(self.plan.definition.1);
        body.text(&self.plan.options.to_json());
        self.state.write(&self.plan, &mut body)?;
        body.list(self.series.iter(), |to, (name, series)| {
            to.text(name);
            series.write(to);
        });
        let mut all = Writer::default();
        all.raw(MAGIC);
        all.u32(FORMAT);
        all.u64(body.0.len() as u64);
        all.u64(xxhash_rust::xxh3::xxh3_64(&body.0));
        all.raw(&body.0);
        Ok(all.0)
    }

    /// A computation from bytes of [`to_bytes`](Self::to_bytes), whose indicator is in `catalogue`.
    ///
    /// # Errors
    /// Bytes that are truncated, damaged or of another format version, an indicator that the catalogue does not have, or has with
    /// another definition or version.
    pub fn from_bytes(bytes: &[u8], catalogue: &Catalogue) -> Result<Self> {
        let mut from = Reader::new(bytes);
        if from.take(MAGIC.len())? != MAGIC {
            return Err(Error::computation("these are no state bytes of a computation"));
        }
        let format = from.u32()?;
        if format != FORMAT {
            return Err(Error::computation(format!(
                "the state bytes have format version {format}, but this library reads version {FORMAT}; compute the state again"
            )));
        }
        let (len, sum) = (from.u64()?, from.u64()?);
        let body = from.take(usize::try_from(len).map_err(|_| Reader::broken())?)?;
        from.end()?;
        if xxhash_rust::xxh3::xxh3_64(body) != sum {
            return Err(Reader::broken());
        }
        let mut from = Reader::new(body);
        if from.text()? != TEXT_HASH {
            return Err(Error::computation("the state bytes hold text ids by another hash; compute the state again"));
        }
        let id = from.option(Reader::text)?;
        let (definition, version) = (from.text()?, from.u32()?);
        let options = Options::from_json(from.text()?)?;
        let plan = match id {
            Some(id) => Plan::indicator(catalogue.indicator(id)?, &options)?,
            None => Plan::kernel(KernelName::parse(definition).ok_or_else(Reader::broken)?, &options)?,
        };
        if (plan.definition.0.as_str(), plan.definition.1) != (definition, version) {
            let (now, at) = &plan.definition;
            return Err(Error::computation(format!(
                "the state was computed by {definition} version {version}, but the catalogue has {now} version {at}"
            )));
        }
        let state = State::read(&plan, &mut from)?;
        let series = from.list(8, |from| Ok((from.text()?.to_owned(), Series::read(from)?)))?.into_iter().collect();
        from.end()?;
        Ok(Self { plan, state, series })
    }
}
