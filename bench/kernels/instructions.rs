//! Computes one kernel over so many rows, so many times, for a count of instructions: `instructions visits 100000 1`.

use ehelse_bench::Case;

#[allow(clippy::print_stdout, reason = "a program that prints its result")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, name, rows, times] = arguments.as_slice() else { return Err("give a kernel, a number of rows, and how often".into()) };
    let case = Case::new(name, rows.parse()?, 1)?;
    for _ in 0..times.parse()? {
        println!("{}", case.compute()?);
    }
    Ok(())
}
