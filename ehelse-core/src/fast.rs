//! The only unsafe code of the crate: faster instructions where the processor has them, beside the safe version that they must
//! equal, and a hint that reads nothing.
#![allow(unsafe_code, reason = "counts take a quarter less time, ids by week a third; every block says why it is sound")]
#![allow(clippy::inline_always, reason = "the same code is compiled for each kind of processor")]

use std::ops::{BitOr, Range};

/// Bytes of a line of the cache.
pub(crate) const LINE: usize = 64;

/// Memory that will be read soon, which is asked for line by line while other work goes on: to ask for all of it at once gained
/// nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ahead {
    next: *const i8,
    lines: usize,
}

impl Ahead {
    pub(crate) fn nothing() -> Self {
        Self { next: std::ptr::null(), lines: 0 }
    }

    /// The values after some rows, as many as these.
    pub(crate) fn of<T>(values: &[T], rows: &Range<usize>) -> Self {
        let after = &values[rows.end..values.len().min(rows.end + rows.len())];
        Self { next: after.as_ptr().cast(), lines: size_of_val(after).div_ceil(LINE) }
    }

    /// Asks for one more line, if any is left.
    #[inline(always)]
    pub(crate) fn ask(&mut self) {
        if self.lines > 0 {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: a hint, which reads nothing, and every processor of the kind has it.
            unsafe {
                std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T1 }>(self.next);
            }
            (self.next, self.lines) = (self.next.wrapping_add(LINE), self.lines - 1);
        }
    }
}

/// A number of any width.
pub(crate) trait Number: Copy + Ord + From<bool> + BitOr<Output = Self> {}
impl<T: Copy + Ord + From<bool> + BitOr<Output = T>> Number for T {}

/// Whether no number is less than the one before it.
pub(crate) fn is_in_order<T: Number>(numbers: &[T]) -> bool {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has these instructions.
        return unsafe { x86::is_in_order(numbers) };
    }
    in_order(numbers)
}

#[inline(always)]
fn in_order<T: Number>(numbers: &[T]) -> bool {
    // Without a way out of the loop many are compared at once; what is found out is as wide as what is compared.
    let late = numbers.iter().zip(numbers.iter().skip(1)).fold(T::from(false), |late, (a, b)| late | T::from(a > b));
    late == T::from(false)
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
    pub(super) fn is_in_order<T: super::Number>(numbers: &[T]) -> bool {
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
    fn what_lies_ahead_ends_with_the_values() {
        let lines = |rows| Ahead::of(&[0_i64; 100], &rows).lines;
        assert_eq!((lines(0..10), lines(80..90), lines(90..100), Ahead::of::<u8>(&[], &(0..0)).lines), (2, 2, 0, 0));
        let mut ahead = Ahead::of(&[0_i64; 100], &(0..50));
        ahead.ask();
        assert_eq!(ahead.lines, 6);
        (0..10).for_each(|_| ahead.ask());
        assert_eq!(ahead.lines, 0);
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
