//! A series as part of state bytes: what its observations say and what must be known about them.

use std::sync::Arc;

use super::{
    AddsUp, Break, Components, ConfStatus, Flags, Head, Measured, Observation, Operand, ProtectionRule, RowCounts, Series, Traced, Vintage,
};
use crate::bytes::{Reader, Writer};
use crate::calendar::{Days, Frequency, Period, Zone};
use crate::error::Result;
use crate::text::Text;

impl Series {
    /// What it was made of, and then itself.
    pub(crate) fn write(&self, to: &mut Writer) {
        let sources = self.sources();
        to.list(sources.iter(), |to, source| source.write_alone(to, &sources));
        self.write_alone(to, &sources);
    }

    fn write_alone(&self, to: &mut Writer, sources: &[&Self]) {
        let (head, measured) = (self.head(), self.current());
        to.option(head.id.as_deref(), Writer::text);
        to.list(head.breaks.iter(), |to, b| {
            to.text(&b.period.to_string());
            to.text(&b.reason.nb);
            to.text(&b.reason.en);
            to.u8(u8::from(b.joins_versions));
        });
        texts(to, &head.notes);
        texts(to, &head.warnings);
        to.u8(u8::from(head.counts_persons));
        to.list(head.protection.iter(), |to, rule| to.text(&rule.to_string()));
        to.option(head.definition.as_ref(), |to, (name, version)| {
            to.text(name);
            to.u32(*version);
        });
        to.option(head.zone, Writer::text);
        to.option(head.zone_data, Writer::text);
        to.option(head.coverage, days);
        head.counts.all().into_iter().for_each(|count| to.u64(count));
        to.text(&measured.name);
        to.text(&measured.unit);
        to.text(measured.frequency.name());
        texts(to, &measured.dimensions);
        to.u8(measured.adds_up as u8);
        to.u8(u8::from(measured.cumulative));
        to.option(measured.valid, days);
        to.list(measured.observations.iter(), |to, o| observation(to, o, sources));
        to.list(measured.vintages.iter(), |to, o| observation(to, o, sources));
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut to = Writer::default();
        self.write(&mut to);
        to.0
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self> {
        let mut sources = Vec::new();
        from.list(8, |from| {
            sources.push(Self::read_alone(from, &sources)?);
            Ok(())
        })?;
        Self::read_alone(from, &sources)
    }

    fn read_alone(from: &mut Reader<'_>, sources: &[Self]) -> Result<Self> {
        let head = Head {
            id: from.option(Reader::text)?.map(str::to_owned),
            breaks: from.list(16, |from| {
                let period = Period::parse(from.text()?)?;
                let reason = Text { nb: from.text()?.to_owned(), en: from.text()?.to_owned() };
                Ok(Break { period, reason, joins_versions: from.bool()? })
            })?,
            notes: read_texts(from)?,
            warnings: read_texts(from)?,
            counts_persons: from.bool()?,
            protection: from.list(8, |from| ProtectionRule::parse(from.text()?).map_err(|_| Reader::broken()))?,
            definition: from.option(|from| Ok((from.text()?.to_owned(), from.u32()?)))?,
            zone: from.option(|from| Ok(Zone::parse(from.text()?).map_err(|_| Reader::broken())?.name()))?,
            zone_data: from.option(Reader::text)?.filter(|version| *version == Zone::DATA_VERSION).map(|_| Zone::DATA_VERSION),
            coverage: from.option(read_days)?,
            counts: RowCounts::read(from)?,
        };
        let (name, unit) = (from.text()?.to_owned(), from.text()?.to_owned());
        let frequency = Frequency::parse(from.text()?).map_err(|_| Reader::broken())?;
        let dimensions = read_texts(from)?;
        let adds_up = [AddsUp::Nowhere, AddsUp::Groups, AddsUp::Everywhere].get(usize::from(from.u8()?)).copied();
        let adds_up = adds_up.ok_or_else(Reader::broken)?;
        let cumulative = from.bool()?;
        let valid = from.option(read_days)?;
        let width = dimensions.len();
        let mut cells = || from.list(17 + 8 * width, |from| read_observation(from, (frequency, width), sources));
        let (observations, vintages) = (cells()?, cells()?);
        let lifted = Vec::new();
        let measured = Measured { name, unit, frequency, dimensions, adds_up, cumulative, valid, lifted, observations, vintages };
        let series = Self::new(head, vec![measured]);
        if series.is_too_deep() { Err(Reader::broken()) } else { Ok(series) }
    }
}

fn texts(to: &mut Writer, texts: &[String]) {
    to.list(texts.iter(), |to, text| to.text(text));
}

fn read_texts(from: &mut Reader<'_>) -> Result<Vec<String>> {
    from.list(8, |from| from.text().map(str::to_owned))
}

fn days(to: &mut Writer, days: Days) {
    to.i32(days.first);
    to.i32(days.last);
}

fn read_days(from: &mut Reader<'_>) -> Result<Days> {
    Ok(Days { first: from.i32()?, last: from.i32()? })
}

impl RowCounts {
    pub(crate) fn add(&mut self, other: Self) {
        self.each().into_iter().zip(other.all()).for_each(|(count, more)| *count = count.saturating_add(more));
    }

    pub(crate) fn all(mut self) -> [u64; 5] {
        self.each().map(|count| *count)
    }

    fn each(&mut self) -> [&mut u64; 5] {
        [&mut self.accepted, &mut self.unattributable, &mut self.outside_coverage, &mut self.duplicates, &mut self.filtered]
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self> {
        let mut counts = Self::default();
        for count in counts.each() {
            *count = from.u64()?;
        }
        Ok(counts)
    }
}

fn float(to: &mut Writer, value: f64) {
    to.u64(value.to_bits());
}

fn read_float(from: &mut Reader<'_>) -> Result<f64> {
    let value = f64::from_bits(from.u64()?);
    if value.is_finite() { Ok(value) } else { Err(Reader::broken()) }
}

fn observation(to: &mut Writer, o: &Observation, sources: &[&Series]) {
    to.i32(o.period.ordinal());
    o.labels.iter().for_each(|label| to.text(label));
    to.option(o.value, float);
    to.text(&o.flags.to_string());
    to.text(o.confidentiality.as_str());
    to.text(&serde_json::to_string(&o.reasons).unwrap_or_default());
    to.u8(u8::from(o.partial));
    to.option(o.components.as_deref(), |to, c| {
        for (_, read) in Components::NUMERIC {
            to.option(read(c), float);
        }
        to.list(c.years_used.iter(), |to, year| to.i32(*year));
        to.option(c.traced, |to, traced| {
            to.option(traced.smallest, float);
            to.u8(u8::from(traced.zero));
        });
        let place = |operand: &Operand| Some((sources.iter().position(|source| operand.is_of(source))?, operand.position()?));
        let places: Vec<(usize, usize)> = c.operands.iter().filter_map(place).collect();
        to.list(places.into_iter(), |to, (source, cell)| {
            to.u64(source as u64);
            to.u64(cell as u64);
        });
    });
    to.option(o.vintage.as_ref(), |to, v| {
        to.option(v.published, Writer::i32);
        to.option(v.edition.as_deref(), Writer::text);
        to.option(v.version, Writer::u32);
    });
}

fn read_observation(from: &mut Reader<'_>, (frequency, width): (Frequency, usize), sources: &[Series]) -> Result<Observation> {
    // Periods of the years 1 to 9999.
    let period = Period::from_ordinal(frequency, from.i32()?);
    if !(-800_000..=3_000_000).contains(&period.ordinal()) || !(1..=9999).contains(&period.year()) {
        return Err(Reader::broken());
    }
    let labels = (0..width).map(|_| from.text().map(Arc::from)).collect::<Result<Vec<Arc<str>>>>()?;
    let value = from.option(read_float)?;
    let flags = Flags::parse(from.text()?).map_err(|_| Reader::broken())?;
    let confidentiality = ConfStatus::parse(from.text()?).ok_or_else(Reader::broken)?;
    let reasons = serde_json::from_str(from.text()?).map_err(|_| Reader::broken())?;
    let partial = from.bool()?;
    let components = from.option(|from| {
        Ok(Box::new(Components {
            numerator: from.option(read_float)?,
            denominator: from.option(read_float)?,
            base: from.option(read_float)?,
            effective_base: from.option(read_float)?,
            standard_error: from.option(read_float)?,
            lower: from.option(read_float)?,
            upper: from.option(read_float)?,
            p_value: from.option(read_float)?,
            years_used: from.list(4, Reader::i32)?,
            traced: from.option(|from| Ok(Traced { smallest: from.option(read_float)?, zero: from.bool()? }))?,
            operands: from.list(16, |from| {
                let place = |from: &mut Reader<'_>| usize::try_from(from.u64()?).map_err(|_| Reader::broken());
                let (source, cell) = (place(from)?, place(from)?);
                sources.get(source).and_then(|source| Operand::at(source, cell)).ok_or_else(Reader::broken)
            })?,
        }))
    })?;
    let vintage = from.option(|from| {
        Ok(Vintage {
            published: from.option(Reader::i32)?,
            edition: from.option(Reader::text)?.map(str::to_owned),
            version: from.option(Reader::u32)?,
        })
    })?;
    Ok(Observation { period, labels: labels.into(), value, flags, confidentiality, reasons, partial, components, vintage })
}
