//! Room for many values: where there is none, an error and not the end of the program. Knows no value.

use crate::error::{Error, Result};

/// Makes room for so many more values.
///
/// # Errors
/// Memory that cannot be had; the values that are there stay.
pub(crate) fn reserve<T>(values: &mut Vec<T>, more: usize) -> Result<()> {
    values.try_reserve_exact(more).map_err(|_| {
        let bytes = more.saturating_mul(size_of::<T>());
        Error::computation(format!(
            "{bytes} bytes of memory cannot be had; compute parts of the rows and merge them, use fewer threads, or a larger machine"
        ))
    })
}

/// Room for so many values.
pub(crate) fn room<T>(len: usize) -> Result<Vec<T>> {
    let mut values = Vec::new();
    reserve(&mut values, len)?;
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_had_is_an_error() {
        let error = room::<u64>(usize::MAX / 16).unwrap_err();
        assert!(error.is_computation() && error.to_string().contains("bytes of memory cannot be had"), "{error}");
        assert!(room::<u64>(1000).is_ok_and(|values| values.capacity() >= 1000));
    }
}
