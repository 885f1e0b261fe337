//! States at a date: any order, split and merge gives the same bytes, and the same answers as the slow versions.

mod naive;

use approx::abs_diff_eq;
use ehelse_core::catalogue::Catalogue;
use ehelse_core::{Batch, Bits, Column, Computation, Frequency, KernelName, Options, Period, Result};
use naive::Spell;
use proptest::prelude::*;

/// 2019-01-01.
const FIRST: i32 = 17_897;
const DAYS: i32 = 40;

#[derive(Debug, Clone)]
struct Row {
    spell: Spell,
    amount: i32,
}

fn row() -> impl Strategy<Value = Row> {
    let day = || FIRST - 5..FIRST + DAYS + 5;
    let spell = (0_u64..6, day(), prop::option::weighted(0.7, 0..30_i32), 0_usize..3, prop::option::weighted(0.7, day()));
    (spell, -50..100_i32).prop_map(|((id, start, length, group, since), amount)| Row {
        spell: Spell { id, group, start, end: length.map(|length| start + length), since },
        amount,
    })
}

fn shuffled() -> impl Strategy<Value = (Vec<Row>, Vec<Row>, usize)> {
    let rows = prop::collection::vec(row(), 0..40);
    rows.prop_flat_map(|rows| (Just(rows.clone()), Just(rows.clone()).prop_shuffle(), 0..=rows.len()))
}

/// What of the rows is given.
#[derive(Debug, Clone, Copy)]
struct Form {
    kernel: KernelName,
    ids: bool,
    since: bool,
}

fn options(form: Form) -> Options {
    let options = Options::default().frequency(Frequency::Day).coverage("2019-01-01/2019-02-09").by(&["kind"]);
    if form.kernel == KernelName::ActiveSum { options.unit("NOK") } else { options }
}

fn computed(form: Form, rows: &[Row]) -> Result<Computation> {
    let mut run = Computation::from_definition(form.kernel, &options(form))?;
    update(&mut run, form, rows)?;
    Ok(run)
}

fn update(run: &mut Computation, form: Form, rows: &[Row]) -> Result<()> {
    let days = |day: fn(&Spell) -> Option<i32>| -> (Vec<i32>, Vec<u8>) {
        let mut bits = vec![0; rows.len().div_ceil(8)];
        let values = rows.iter().enumerate().map(|(i, row)| match day(&row.spell) {
            Some(day) => {
                bits[i / 8] |= 1 << (i % 8);
                day
            }
            None => 0,
        });
        (values.collect(), bits)
    };
    let (start, _) = days(|spell| Some(spell.start));
    let (end, has_end) = days(|spell| spell.end);
    let (since, has_since) = days(|spell| spell.since);
    let column = |values, bits| Column::new(ehelse_core::column::Values::Days(values)).validity(Bits::new(bits, 0, rows.len()));
    let ids: Vec<u64> = rows.iter().map(|row| row.spell.id).collect();
    let kinds: Vec<&str> = rows.iter().map(|row| ["a", "b", "c"][row.spell.group]).collect();
    let amounts: Vec<f64> = rows.iter().map(|row| f64::from(row.amount) / 10.0).collect();
    let mut batch = Batch::new(rows.len()).days("start", &start).column("end", column(&end, &has_end)).labels("kind", &kinds[..]);
    if form.since {
        batch = batch.column("since", column(&since, &has_since));
    }
    if form.ids {
        batch = batch.ids("id", &ids);
    }
    if form.kernel == KernelName::ActiveSum {
        batch = batch.numbers("amount", &amounts);
    }
    run.update(&batch)
}

fn forms() -> Vec<Form> {
    let form = |kernel, ids, since| Form { kernel, ids, since };
    vec![
        form(KernelName::ActiveAt, true, false),
        form(KernelName::ActiveAt, true, true),
        form(KernelName::ActiveAt, false, true),
        form(KernelName::ActiveSum, false, false),
        form(KernelName::ActiveSum, false, true),
    ]
}

proptest! {
    #[test]
    fn states_are_those_of_the_slow_versions((rows, other, cut) in shuffled()) {
        for form in forms() {
            let mut whole = computed(form, &rows)?;
            let (head, tail) = other.split_at(cut);
            let mut parts = computed(form, head)?;
            parts.merge(&Computation::from_bytes(&computed(form, tail)?.to_bytes()?, Catalogue::builtin())?)?;
            prop_assert_eq!(whole.to_bytes()?, parts.to_bytes()?);
            // An empty batch changes nothing.
            update(&mut whole, form, &[])?;
            let series = whole.finish()?;
            let spells: Vec<Spell> = rows.iter().map(|row| Spell { since: row.spell.since.filter(|_| form.since), ..row.spell }).collect();
            for o in series.observations() {
                let day = Period::parse(&o.period.to_string())?.ordinal();
                let in_group = |spell: &Spell| &*o.labels[0] == "_T" || &*o.labels[0] == ["a", "b", "c"][spell.group];
                let active: Vec<usize> = (0..rows.len()).filter(|i| in_group(&spells[*i]) && naive::is_active(&spells[*i], day, form.since)).collect();
                let expected = match (form.kernel, form.ids) {
                    (KernelName::ActiveSum, _) => active.iter().map(|i| i64::from(rows[*i].amount)).sum::<i64>() as f64 / 10.0,
                    (_, true) => naive::distinct_ids(active.iter().map(|i| rows[*i].spell.id)) as f64,
                    (_, false) => active.len() as f64,
                };
                prop_assert!(abs_diff_eq!(o.value.unwrap_or(f64::NAN), expected, epsilon = 1e-9), "{} {}: {:?} instead of {}", o.period, o.labels[0], o.value, expected);
            }
        }
    }

    #[test]
    fn active_units_are_those_that_exist_and_were_seen((rows, _, _) in shuffled(), seen in prop::collection::vec((0_u64..8, FIRST..FIRST + DAYS), 0..40)) {
        let catalogue = Catalogue::builtin();
        let options = Options::default().frequency(Frequency::Day).coverage("2019-01-01/2019-02-09");
        let mut run = Computation::new(catalogue.indicator("care_record.active_use")?, &options)?;
        let opened: Vec<i32> = rows.iter().map(|row| row.spell.start).collect();
        let closed: Vec<i32> = rows.iter().map(|row| row.spell.end.unwrap_or(50_000)).collect();
        let units: Vec<u64> = rows.iter().map(|row| row.spell.id).collect();
        let kinds: Vec<&str> = rows.iter().map(|row| ["a", "b", "c"][row.spell.group]).collect();
        run.update(&Batch::new(rows.len()).input("units").days("opened", &opened).days("closed", &closed).ids("unit", &units).labels("kind", &kinds[..]))?;
        let (ids, days): (Vec<u64>, Vec<i32>) = seen.iter().copied().unzip();
        run.update(&Batch::new(seen.len()).input("lookups").days("time", &days).ids("unit", &ids))?;
        let series = run.finish()?;
        for o in series.observations() {
            let day = o.period.ordinal();
            let exist = |spell: &Spell| naive::is_active(spell, day, false) && (&*o.labels[0] == "_T" || &*o.labels[0] == ["a", "b", "c"][spell.group]);
            let units = rows.iter().map(|row| &row.spell).filter(|spell| exist(spell)).map(|spell| spell.id);
            let all = naive::distinct_ids(units.clone());
            let active = naive::distinct_ids(units.filter(|unit| seen.contains(&(*unit, day))));
            let expected = (all > 0).then(|| 100.0 * active as f64 / all as f64);
            prop_assert_eq!(o.value.is_some(), expected.is_some());
            prop_assert!(abs_diff_eq!(o.value.unwrap_or(0.0), expected.unwrap_or(0.0), epsilon = 1e-9), "{} {}: {:?} instead of {:?}", o.period, o.labels[0], o.value, expected);
        }
    }
}

#[test]
fn ids_of_another_type_are_refused_by_the_name_of_their_column() -> Result<()> {
    let mut run = Computation::from_definition(KernelName::ActiveAt, &Options::default().coverage("2019-01").column("id", "my_id"))?;
    run.update(&Batch::new(1).days("start", &[FIRST]).ids("id", &[1_u64]))?;
    let before = run.to_bytes()?;
    let error = run.update(&Batch::new(1).days("start", &[FIRST]).ids("id", &["1"])).unwrap_err();
    assert!(error.is_invalid_input() && error.column() == Some("my_id"), "{error}");
    assert_eq!(run.to_bytes()?, before);
    Ok(())
}
