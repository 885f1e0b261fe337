//! Times of each kernel, by `cargo bench -p ehelse-bench`: on one thread and on two.

use divan::Bencher;
use divan::counter::ItemsCount;
use ehelse_bench::{Case, KERNELS};

const ROWS: usize = 1_000_000;

fn main() {
    divan::main();
}

#[divan::bench(args = KERNELS, consts = [1, 2], sample_count = 10)]
fn kernel<const THREADS: usize>(bencher: Bencher<'_, '_>, name: &str) {
    let case = Case::new(name, ROWS, THREADS).expect("a known kernel");
    bencher.counter(ItemsCount::new(ROWS)).bench(|| case.compute());
}
