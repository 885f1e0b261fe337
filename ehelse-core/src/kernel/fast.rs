//! Faster instructions, where the processor has them: the only unsafe code of the crate, each beside the safe version it must equal.
#![allow(unsafe_code, reason = "visits take a third less time; every block says why it is sound")]

use super::Place;
use super::live::{self, Set};

/// As [`live::advance`] with [`live::portable`], for 64-bit ids.
pub(super) fn advance(
    table: (&mut [Set<u64>], &mut [(i64, Place)]),
    shift: u32,
    rows: (&[u64], &[i64]),
    gap: i64,
    place: Place,
) -> (usize, i64) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has these instructions.
        return unsafe { x86::advance(table, shift, rows, gap, place) };
    }
    live::advance(table, shift, rows, gap, place, live::portable)
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m256i, _mm256_castsi256_pd, _mm256_cmpeq_epi64, _mm256_cmpgt_epi64, _mm256_loadu_si256, _mm256_movemask_pd, _mm256_set1_epi64x,
    };

    use crate::kernel::Place;
    use crate::kernel::live::{self, Set, WAYS};

    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
    pub(super) fn advance(
        table: (&mut [Set<u64>], &mut [(i64, Place)]),
        shift: u32,
        rows: (&[u64], &[i64]),
        gap: i64,
        place: Place,
    ) -> (usize, i64) {
        live::advance(table, shift, rows, gap, place, |set, client, ended| {
            let (client, ended) = (_mm256_set1_epi64x(client as i64), _mm256_set1_epi64x(ended));
            let (keys, lasts) = (halves(&set.keys), halves(&set.lasts));
            let bits = |of: __m256i| _mm256_movemask_pd(_mm256_castsi256_pd(of)) as u32;
            let same = keys.map(|keys| bits(_mm256_cmpeq_epi64(keys, client)));
            let live = lasts.map(|lasts| bits(_mm256_cmpgt_epi64(lasts, ended)));
            (same[0] | same[1] << 4, !(live[0] | live[1] << 4) & 0xff)
        })
    }

    /// Eight numbers as two vectors of four.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn halves<T>(numbers: &[T; WAYS]) -> [__m256i; 2] {
        const { assert!(size_of::<T>() == 8) };
        let first = numbers.as_ptr().cast::<__m256i>();
        // SAFETY: eight numbers of 8 bytes are two vectors of 32, and they need not be aligned.
        unsafe { [_mm256_loadu_si256(first), _mm256_loadu_si256(first.add(1))] }
    }
}
