//! Which values are the largest (ruling 33). Knows no series.

use crate::error::{Error, Result};

/// The places of the `n` largest values, the largest first; ties by label in Unicode code point order.
///
/// A missing value has no rank. Time `m log m` for `m` values.
///
/// # Errors
/// Slices of different length.
///
/// ```
/// use ehelse_core::arithmetic::top::largest;
/// assert_eq!(largest(&[Some(5.0), Some(5.0), None, Some(9.0)], &["b", "a", "c", "d"], 2)?, [3, 1]);
/// # Ok::<(), ehelse_core::Error>(())
/// ```
pub fn largest(values: &[Option<f64>], labels: &[&str], n: usize) -> Result<Vec<usize>> {
    if values.len() != labels.len() {
        return Err(Error::invalid(format!("{} values beside {} labels; align them first", values.len(), labels.len())));
    }
    let mut ranked: Vec<(f64, &str, usize)> =
        values.iter().zip(labels).enumerate().filter_map(|(place, (value, label))| value.map(|value| (value, *label, place))).collect();
    // UTF-8 bytes are in code point order.
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    Ok(ranked.into_iter().take(n).map(|(_, _, place)| place).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_go_by_code_point() -> Result<()> {
        let labels = ["ø", "z", "Z", "å"];
        assert_eq!(largest(&[Some(1.0); 4], &labels, 9)?, [2, 1, 3, 0]);
        assert_eq!(largest(&[None, Some(-1.0), Some(0.0), None], &labels, 3)?, [2, 1]);
        assert!(largest(&[None], &[], 1).is_err());
        Ok(())
    }
}
