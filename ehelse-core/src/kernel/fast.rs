//! The only unsafe code of the crate: faster instructions where the processor has them, beside the safe version that they must
//! equal, and a hint that reads nothing.
#![allow(unsafe_code, reason = "counts take a quarter less time, ids by week two fifths; every block says why it is sound")]
#![allow(clippy::inline_always, reason = "the same code is compiled for each kind of processor")]
#![allow(clippy::needless_bitwise_bool, reason = "a loop without branches")]

use std::ops::Range;

/// Asks for the memory of the values after some rows, as many as these, which will be read next.
pub(crate) fn prefetch_after<T>(values: &[T], rows: &Range<usize>) {
    #[cfg(target_arch = "x86_64")]
    for line in values[rows.end..values.len().min(rows.end + rows.len())].chunks((64 / size_of::<T>()).max(1)) {
        use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
        // SAFETY: a hint, which reads nothing, and every processor of the kind has it.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(line.as_ptr().cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (values, rows);
}

/// Whether no number is less than the one before it.
pub(crate) fn is_in_order<T: Copy + Ord>(numbers: &[T]) -> bool {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has these instructions.
        return unsafe { x86::is_in_order(numbers) };
    }
    in_order(numbers)
}

#[inline(always)]
fn in_order<T: Copy + Ord>(numbers: &[T]) -> bool {
    // Without a way out of the loop many are compared at once.
    !numbers.iter().zip(numbers.iter().skip(1)).fold(false, |late, (a, b)| late | (a > b))
}

/// The least and the greatest of some numbers.
pub(crate) fn reach<T: Copy + Ord>(numbers: &[T]) -> Option<(T, T)> {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has these instructions.
        return unsafe { x86::reach(numbers) };
    }
    least_and_greatest(numbers)
}

#[inline(always)]
fn least_and_greatest<T: Copy + Ord>(numbers: &[T]) -> Option<(T, T)> {
    let first = *numbers.first()?;
    Some(numbers.iter().fold((first, first), |(least, greatest), number| (least.min(*number), greatest.max(*number))))
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    #[target_feature(enable = "avx2")]
    pub(super) fn is_in_order<T: Copy + Ord>(numbers: &[T]) -> bool {
        super::in_order(numbers)
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn reach<T: Copy + Ord>(numbers: &[T]) -> Option<(T, T)> {
        super::least_and_greatest(numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_at_the_end_have_few_after_them() {
        let numbers = [0_u8; 100];
        (0..=100).for_each(|start| prefetch_after(&numbers, &(start..(start + 64).min(100))));
        prefetch_after::<i64>(&[], &(0..0));
    }

    #[test]
    fn every_way_gives_the_same() {
        for len in [0, 1, 2, 3, 7, 8, 9, 33, 100] {
            let mut numbers: Vec<i64> = (0..len).map(|i| i * 3 - 50).collect();
            assert!(is_in_order(&numbers) && in_order(&numbers));
            assert_eq!(
                (reach(&numbers), least_and_greatest(&numbers)),
                (numbers.first().copied().zip(numbers.last().copied()), reach(&numbers))
            );
            let half = numbers.len() / 2;
            numbers.rotate_left(half);
            assert_eq!(is_in_order(&numbers), half == 0);
            assert_eq!((is_in_order(&numbers), reach(&numbers)), (in_order(&numbers), least_and_greatest(&numbers)));
        }
        assert!(!is_in_order(&[1_i32, 2, 3, 4, 5, 6, 7, 8, 9, 8]));
    }
}
