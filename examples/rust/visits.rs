//! Visits by day and unique prescribers on each day, from a few rows in memory.
//!
//! Run it with `cargo run -p ehelse-core --example visits`.

use ehelse_core::{Batch, Catalogue, Computation, Frequency, Instants, KernelName, Options, Result, Series};

fn main() -> Result<()> {
    // Page views of two browsers on 31 December 2019, in seconds since 1970. Oslo is one hour ahead of UTC.
    let noon = 1_577_793_600;
    let times = [noon, noon + 600, noon + 2400, noon + 39_600, noon + 60];
    let clients = [1_u64, 1, 1, 1, 2];
    let views = Batch::new(times.len()).instants("time", Instants::seconds(&times)).ids("client", &clients);

    let indicator = Catalogue::builtin().indicator("helsenorge.visits")?;
    let options = Options::default().frequency(Frequency::Day).coverage("2019-12-31/2020-01-01");
    let mut visits = Computation::new(indicator, &options)?;
    visits.update(&views)?;
    print("visits", &visits.finish()?);

    // Prescriptions of three organisations; on each day those of the last two days count.
    let days = [18_259, 18_259, 18_260, 18_261];
    let organisations = ["a", "b", "c", "a"];
    let prescriptions = Batch::new(days.len()).days("time", &days).ids("id", &organisations[..]);
    let options = Options::default().parameter("window_days", 2).coverage("2019-12-29/2020-01-01");
    let mut prescribers = Computation::from_definition(KernelName::RollingDistinct, &options)?;
    prescribers.update(&prescriptions)?;
    print("organisations in the last 2 days", &prescribers.finish()?);
    Ok(())
}

#[allow(clippy::print_stdout, reason = "a program shows its result")]
fn print(title: &str, series: &Series) {
    println!("{title}");
    for o in series.observations() {
        let value = o.value.map_or_else(|| "missing".to_owned(), |value| value.to_string());
        println!("  {}  {value:>7}  {}", o.period, o.flags.status());
    }
}
