//! Labels and groups: tuples of labels as small numbers, their order, and the totals that a group belongs to.

use std::cmp::Ordering;
use std::sync::Arc;

use hashbrown::HashMap;

use crate::bytes::{Reader, Writer};
use crate::error::Result;
use crate::labels::{UNKNOWN, total_label};

/// Labels as numbers, in the order in which they were met.
#[derive(Debug, Clone, Default)]
struct Labels {
    codes: HashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

impl Labels {
    fn code(&mut self, label: &str) -> u32 {
        if let Some(code) = self.codes.get(label) {
            return *code;
        }
        let code = self.texts.len() as u32;
        let text: Arc<str> = Arc::from(label);
        self.texts.push(text.clone());
        self.codes.insert(text, code);
        code
    }
}

/// The groups that rows belong to: one label for each dimension.
#[derive(Debug, Clone)]
pub struct Groups {
    labels: Labels,
    codes: HashMap<Box<[u32]>, u32>,
    members: Vec<Box<[u32]>>,
    width: usize,
}

impl Groups {
    /// No groups yet, of tuples of `width` labels; without dimensions all rows are of group 0.
    #[must_use]
    pub fn new(width: usize) -> Self {
        let mut groups = Self { labels: Labels::default(), codes: HashMap::new(), members: Vec::new(), width };
        if width == 0 {
            groups.group(&[]);
        }
        groups
    }

    /// The number of a label.
    pub fn label(&mut self, label: &str) -> u32 {
        self.labels.code(label)
    }

    /// The text of a label.
    pub(crate) fn text(&self, label: u32) -> &str {
        &self.labels.texts[label as usize]
    }

    /// The number of a label, if it was met.
    #[must_use]
    pub fn known(&self, label: &str) -> Option<u32> {
        self.labels.codes.get(label).copied()
    }

    /// The number of a group of labels.
    pub fn group(&mut self, labels: &[u32]) -> u32 {
        if let Some(code) = self.codes.get(labels) {
            return *code;
        }
        let code = self.members.len() as u32;
        self.members.push(labels.into());
        self.codes.insert(labels.into(), code);
        code
    }

    /// The labels of a group.
    pub fn texts(&self, group: u32) -> impl Iterator<Item = &Arc<str>> {
        self.members[group as usize].iter().map(|label| &self.labels.texts[*label as usize])
    }

    /// How many groups.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Order by labels in Unicode code point order, unknown last.
    #[must_use]
    pub fn order(&self, a: u32, b: u32) -> Ordering {
        if a == b {
            return Ordering::Equal;
        }
        let key = |text: &Arc<str>| (&**text == UNKNOWN, text.clone());
        self.texts(a).map(key).cmp(self.texts(b).map(key))
    }

    /// Takes the groups of another set; the answer gives the number here for each number there.
    pub fn adopt(&mut self, other: &Self) -> Vec<u32> {
        let labels: Vec<u32> = other.labels.texts.iter().map(|text| self.labels.code(text)).collect();
        let members = other.members.iter();
        members.map(|member| self.group(&member.iter().map(|label| labels[*label as usize]).collect::<Vec<_>>())).collect()
    }

    /// The groups that are used, in order, and the number there for each number here.
    #[must_use]
    pub fn canonical(&self, used: impl Iterator<Item = u32>) -> (Self, Vec<u32>) {
        let mut order: Vec<u32> = used.collect();
        order.sort_unstable_by(|a, b| self.order(*a, *b));
        order.dedup();
        let (mut groups, mut codes) = (Self::new(self.width), vec![0; self.len()]);
        for group in order {
            let labels: Vec<u32> = self.texts(group).map(|text| groups.labels.code(text)).collect();
            codes[group as usize] = groups.group(&labels);
        }
        (groups, codes)
    }

    pub(crate) fn write(&self, to: &mut Writer) {
        to.u64(self.width as u64);
        to.list(self.labels.texts.iter(), |to, text| to.text(text));
        if self.width == 0 {
            return;
        }
        to.list(self.members.iter(), |to, member| member.iter().for_each(|label| to.u32(*label)));
    }

    pub(crate) fn read(from: &mut Reader<'_>, width: usize) -> Result<Self> {
        if from.u64()? != width as u64 {
            return Err(Reader::broken());
        }
        let mut groups = Self::new(width);
        let texts = from.list(8, Reader::text)?;
        for text in &texts {
            groups.label(text);
        }
        if width == 0 {
            return if texts.is_empty() { Ok(groups) } else { Err(Reader::broken()) };
        }
        let members = from.list(4 * width, |from| (0..width).map(|_| from.u32()).collect::<Result<Vec<u32>>>())?;
        for member in &members {
            if member.iter().any(|label| *label as usize >= texts.len()) {
                return Err(Reader::broken());
            }
            groups.group(member);
        }
        if groups.len() != members.len() || groups.labels.texts.len() != texts.len() {
            return Err(Reader::broken());
        }
        Ok(groups)
    }
}

/// Where groups go in the output: to themselves and to the totals over each set of dimensions.
///
/// ```text
///   (gp, trust)  →  (gp, trust)  (gp, _T)  (_T, trust)  (_T, _T)
/// ```
#[derive(Debug, Clone)]
pub struct Layout {
    /// The labels of each output group.
    pub outputs: Vec<Arc<[Arc<str>]>>,
    /// For each group, the output groups that it counts in.
    pub of: Vec<Vec<u32>>,
}

impl Layout {
    /// No output.
    pub(crate) fn none() -> Self {
        Self { outputs: Vec::new(), of: Vec::new() }
    }

    /// The outputs of the used and the stated groups.
    #[must_use]
    pub fn new(groups: &Groups, used: &[bool], stated: &[Vec<Arc<str>>], dimensions: &[String], totals: bool) -> Self {
        let mut layout = Self { outputs: Vec::new(), of: vec![Vec::new(); groups.len()] };
        let mut codes: HashMap<Arc<[Arc<str>]>, u32> = HashMap::new();
        let total: Vec<Arc<str>> = dimensions.iter().map(|d| Arc::from(total_label(d))).collect();
        let masks = if totals { 1_usize << dimensions.len() } else { 1 };
        let mut place = |layout: &mut Self, labels: &[Arc<str>]| -> Vec<u32> {
            let mut outputs = Vec::with_capacity(masks);
            for mask in 0..masks {
                let cell: Arc<[Arc<str>]> =
                    labels.iter().zip(&total).enumerate().map(|(i, (l, t))| if mask >> i & 1 == 1 { t } else { l }.clone()).collect();
                let next = layout.outputs.len() as u32;
                let code = *codes.entry(cell.clone()).or_insert(next);
                if code == next {
                    layout.outputs.push(cell);
                }
                outputs.push(code);
            }
            outputs
        };
        for group in (0..groups.len() as u32).filter(|g| used[*g as usize]) {
            let labels: Vec<Arc<str>> = groups.texts(group).cloned().collect();
            layout.of[group as usize] = place(&mut layout, &labels);
        }
        for labels in stated {
            place(&mut layout, labels);
        }
        if totals || dimensions.is_empty() {
            place(&mut layout, &total);
        }
        layout
    }
}
