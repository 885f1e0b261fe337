//! Text in the forms that Arrow and callers have it; every offset is checked once, so that no read is out of bounds.

use crate::error::{Error, Result};

/// A column of text (or of bytes).
#[derive(Debug, Clone)]
pub struct Text<'a>(Layout<'a>);

#[derive(Debug, Clone)]
enum Layout<'a> {
    Small { offsets: &'a [i32], bytes: &'a [u8] },
    Large { offsets: &'a [i64], bytes: &'a [u8] },
    Views { views: &'a [u8], buffers: Vec<&'a [u8]> },
    Slices(&'a [&'a str]),
}

fn broken(row: usize) -> Error {
    Error::invalid("the offsets of a text column do not fit its bytes; pass offsets of rows + 1 rising values within the bytes").at_row(row)
}

impl<'a> Text<'a> {
    /// Arrow's Utf8: text i is between offsets i and i + 1.
    pub fn small(offsets: &'a [i32], bytes: &'a [u8]) -> Result<Self> {
        let bad = offsets.windows(2).position(|o| o[0] < 0 || o[1] < o[0] || o[1] as usize > bytes.len());
        bad.map_or(Ok(Self(Layout::Small { offsets, bytes })), |row| Err(broken(row)))
    }

    /// Arrow's LargeUtf8: text i is between offsets i and i + 1.
    pub fn large(offsets: &'a [i64], bytes: &'a [u8]) -> Result<Self> {
        let len = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let bad = offsets.windows(2).position(|o| o[0] < 0 || o[1] < o[0] || o[1] > len);
        bad.map_or(Ok(Self(Layout::Large { offsets, bytes })), |row| Err(broken(row)))
    }

    /// Arrow's Utf8View: for each text 16 bytes that hold it, or a buffer and an offset.
    pub fn views(views: &'a [u8], buffers: Vec<&'a [u8]>) -> Result<Self> {
        let text = Self(Layout::Views { views, buffers });
        let bad = (0..text.len()).position(|i| text.view(i).is_none());
        bad.map_or(Ok(text), |row| Err(broken(row)))
    }

    /// Rust strings.
    #[must_use]
    pub fn from_slices(texts: &'a [&'a str]) -> Self {
        Self(Layout::Slices(texts))
    }

    pub(crate) fn len(&self) -> usize {
        match &self.0 {
            Layout::Small { offsets, .. } => offsets.len().saturating_sub(1),
            Layout::Large { offsets, .. } => offsets.len().saturating_sub(1),
            Layout::Views { views, .. } => views.len() / 16,
            Layout::Slices(texts) => texts.len(),
        }
    }

    fn view(&self, i: usize) -> Option<&[u8]> {
        let Layout::Views { views, buffers } = &self.0 else { return None };
        let view = views.get(16 * i..16 * i + 16)?;
        let part = |at: usize| view[at..at + 4].try_into().map(u32::from_le_bytes).map(|n| n as usize).ok();
        let len = part(0)?;
        if len <= 12 {
            return Some(&view[4..4 + len]);
        }
        let offset = part(12)?;
        buffers.get(part(8)?)?.get(offset..offset.checked_add(len)?)
    }

    pub(crate) fn get(&self, i: usize) -> &[u8] {
        match &self.0 {
            Layout::Small { offsets, bytes } => &bytes[offsets[i] as usize..offsets[i + 1] as usize],
            Layout::Large { offsets, bytes } => &bytes[offsets[i] as usize..offsets[i + 1] as usize],
            Layout::Views { .. } => self.view(i).unwrap_or_default(),
            Layout::Slices(texts) => texts[i].as_bytes(),
        }
    }
}
