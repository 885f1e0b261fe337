//! Which rows of a block stay: mostly all of them. Reads no column.

/// The rows of a block that stay, in order.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    len: usize,
    /// Their places, unless all rows stay.
    rows: Vec<u32>,
    partial: bool,
}

impl Selection {
    /// Selects all of `len` rows.
    pub(crate) fn all(&mut self, len: usize) {
        self.rows.clear();
        (self.len, self.partial) = (len, false);
    }

    pub(crate) fn copy(&mut self, other: &Self) {
        self.rows.clone_from(&other.rows);
        (self.len, self.partial) = (other.len, other.partial);
    }

    /// Leaves out the selected rows for which `stays` is false; gives how many.
    pub(crate) fn retain(&mut self, mut stays: impl FnMut(usize) -> bool) -> u64 {
        let before = self.len;
        if !self.partial {
            self.rows.resize(before, 0);
        }
        // Every row is written, and the next one over it if it does not stay: nothing to guess for the processor.
        let mut kept = 0;
        for i in 0..before {
            let row = if self.partial { self.rows[i] } else { i as u32 };
            self.rows[kept] = row;
            kept += usize::from(stays(row as usize));
        }
        self.keep(kept);
        (before - kept) as u64
    }

    /// Leaves out the selected rows for which `stays` is false, and their values, which are the last of `values`.
    pub(crate) fn retain_with<T: Copy>(&mut self, values: &mut Vec<T>, stays: impl Fn(&T) -> bool) {
        let (before, first) = (self.len, values.len() - self.len);
        if !self.partial {
            self.rows.resize(before, 0);
        }
        let (mut kept, selected) = (0, &mut values[first..]);
        for i in 0..before {
            let value = selected[i];
            (self.rows[kept], selected[kept]) = (if self.partial { self.rows[i] } else { i as u32 }, value);
            kept += usize::from(stays(&value));
        }
        values.truncate(first + kept);
        self.keep(kept);
    }

    /// Keeps the first `kept` of the rows that were written.
    fn keep(&mut self, kept: usize) {
        self.partial |= kept < self.len;
        self.len = kept;
        self.rows.truncate(if self.partial { kept } else { 0 });
    }

    /// How many selected rows there are before a place in the block.
    pub(crate) fn before(&self, place: usize) -> usize {
        if self.partial { self.rows.partition_point(|row| (*row as usize) < place) } else { place }
    }

    /// As [`retain`](Self::retain), by the values of the block.
    pub(crate) fn retain_by<T>(&mut self, block: &[T], stays: impl Fn(&T) -> bool) -> u64 {
        self.retain(|row| stays(&block[row]))
    }

    pub(crate) fn is_all(&self) -> bool {
        !self.partial
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The place in the block of the selected row `i`.
    pub(crate) fn row(&self, i: usize) -> usize {
        if self.partial { self.rows[i] as usize } else { i }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + Clone + '_ {
        (0..self.len).map(|i| self.row(i))
    }

    /// Appends the values of the selected rows, of those of the block.
    pub(crate) fn gather<T: Copy>(&self, block: &[T], to: &mut Vec<T>) {
        if self.partial {
            to.extend(self.rows.iter().map(|row| block[*row as usize]));
        } else {
            to.extend_from_slice(block);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_left_out_step_by_step() {
        let mut selection = Selection::default();
        selection.all(5);
        assert_eq!((selection.retain(|_| true), selection.is_all()), (0, true));
        assert_eq!(selection.retain(|row| row != 1), 1);
        assert_eq!(selection.retain(|row| row != 4), 1);
        assert_eq!(selection.iter().collect::<Vec<_>>(), [0, 2, 3]);
        let mut values = vec![9];
        selection.gather(&[10, 11, 12, 13, 14], &mut values);
        assert_eq!(values, [9, 10, 12, 13]);
        assert_eq!((selection.len(), selection.row(2), selection.is_all()), (3, 3, false));
        let mut values = vec![9, 10, 12, 13];
        selection.retain_with(&mut values, |value| *value != 10);
        assert_eq!((values, selection.iter().collect::<Vec<_>>()), (vec![9, 12, 13], vec![2, 3]));
        assert_eq!((selection.before(2), selection.before(3), selection.before(9)), (0, 1, 2));
        assert_eq!(selection.retain(|_| false), 2);
        assert!(selection.is_empty() && !selection.is_all());
    }
}
