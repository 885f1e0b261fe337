//! What is made of suppressed cells is suppressed with them, worked out by hand.

use super::{cells, persons, protect};
use crate::bytes::Reader;
use crate::error::Result;
use crate::operations::{
    AggregateOptions, ChangeMeasure, ChangeOptions, DifferenceOptions, GrowthOptions, RoundOptions, ShareOfStatedOptions, ShareOptions,
    ShareWithinOptions, TopOptions,
};
use crate::{Frequency, ProtectMethod, ProtectOptions, Series};

/// In 2018 a is a small count and c, the smallest beside it, hides it.
fn groups() -> Series {
    persons(&["k"], "2018 a 3; 2018 b 60; 2018 c 40; 2018 _T 103; 2019 a 50; 2019 b 60; 2019 c 40; 2019 _T 150")
}

fn years(rows: &str) -> Series {
    persons(&[], rows)
}

fn absolute() -> ChangeOptions {
    ChangeOptions { measure: ChangeMeasure::Absolute, ..Default::default() }
}

#[test]
fn changes_from_a_cell_that_hides_another() -> Result<()> {
    let shown = groups().change(&absolute())?.protect(&ProtectOptions::default())?;
    assert_eq!(
        cells(&shown),
        "2018 a - O; 2019 a - Q; 2018 b - O; 2019 b 0; 2018 c - O; 2019 c - Q; 2018 _T - O; 2019 _T 47",
        "40 and no change would give c of 2018"
    );
    assert!(shown.at("2019", &["c"])?.components.is_none());
    let growth = groups().growth(&GrowthOptions::default())?;
    assert_eq!(protect(&growth), "2019 a - Q; 2019 b 0; 2019 c - Q; 2019 _T 45.631068");
    // The publisher's own limit decides.
    let more = persons(&["k"], "2018 a 8; 2018 b 60; 2018 c 40; 2018 _T 108; 2019 a 16; 2019 b 60; 2019 c 40; 2019 _T 116");
    let growth = more.growth(&GrowthOptions::default())?;
    assert_eq!(protect(&growth), "2019 a 100; 2019 b 0; 2019 c 0; 2019 _T 7.407407");
    let ten = ProtectOptions { max_suppressed: 10, ..Default::default() };
    assert_eq!(cells(&growth.protect(&ten)?), "2019 a - Q; 2019 b 0; 2019 c - Q; 2019 _T 7.407407");
    Ok(())
}

#[test]
fn what_is_derived_twice() -> Result<()> {
    let rate = groups().per(&years("2018 1000; 2019 1000"), 1000.0)?;
    let change = rate.change(&absolute())?.round(&RoundOptions::default())?;
    assert_eq!(protect(&change), "2018 a - O; 2019 a - Q; 2018 b - O; 2019 b 0; 2018 c - O; 2019 c - Q; 2018 _T - O; 2019 _T 47");
    // And after it was written down as part of a state.
    let read = Series::read(&mut Reader::new(&change.bytes()))?;
    assert_eq!((&read, read.bytes(), protect(&read)), (&change, change.bytes(), protect(&change)));
    Ok(())
}

#[test]
fn sums_and_rests_of_suppressed_counts() -> Result<()> {
    // Without a total b is shown: with the rest, 43 less 40, a would be known.
    let s = persons(&["k"], "2018 a 3; 2018 b 60; 2018 c 40");
    assert_eq!(protect(&s.top(&TopOptions { n: 1, ..Default::default() })?), "2018 b 60; 2018 other - Q");
    assert_eq!(protect(&s.share_within(&ShareWithinOptions::default())?), "2018 a - Q; 2018 b - Q; 2018 c - Q");
    let total = AggregateOptions { over: vec!["k".to_owned()], ..Default::default() };
    assert_eq!(protect(&s.aggregate(&total)?), "2018 - Q");
    let quarters = years("2019-Q1 3; 2019-Q2 30; 2019-Q3 30; 2019-Q4 30; 2020-Q1 30; 2020-Q2 30; 2020-Q3 30; 2020-Q4 30");
    let yearly = AggregateOptions { frequency: Some(Frequency::Year), ..Default::default() };
    assert_eq!(protect(&quarters.aggregate(&yearly)?), "2019 - Q; 2020 120");
    // With a total the rest hides nothing that the total does not give.
    let shown = groups().top(&TopOptions { n: 1, ..Default::default() })?;
    assert_eq!(protect(&shown), "2018 b 60; 2019 b 60; 2018 other - Q; 2019 other 90; 2018 _T 103; 2019 _T 150");
    let rounded =
        persons(&["k"], "2018 a 3; 2018 b 60; 2018 c 41; 2018 _T 104").round(&RoundOptions { decimals: -1, ..Default::default() })?;
    assert_eq!(protect(&rounded), "2018 a - Q; 2018 b 60; 2018 c - Q; 2018 _T 100", "3 rounded is not 0");
    Ok(())
}

#[test]
fn a_missing_cell_shows_no_component() -> Result<()> {
    let none = years("2019 1000");
    let stated = ShareOfStatedOptions { stated: [("2019".to_owned(), 1000.0)].into() };
    for derived in [groups().per(&none, 1000.0)?, groups().share_of(&none, &ShareOptions::default())?, groups().share_of_stated(&stated)?] {
        let shown = derived.protect(&ProtectOptions::default())?;
        for k in ["a", "c"] {
            let cell = shown.at("2018", &[k])?;
            assert_eq!((cell.flags.to_string().as_str(), &cell.components), ("Q", &None), "{} {k}", derived.current().name);
        }
        let b = shown.at("2018", &["b"])?;
        assert_eq!((b.flags.to_string().as_str(), b.components.as_ref().and_then(|c| c.numerator)), ("O", Some(60.0)));
    }
    // A small base of what is missing, a small denominator of what is missing, and a numerator over what was suppressed before.
    let change = years("2018 3; 2019 - O").change(&absolute())?.protect(&ProtectOptions::default())?;
    assert_eq!((cells(&change).as_str(), &change.at("2019", &[])?.components), ("2018 - O; 2019 - Q", &None));
    let counted = |rows: &str| years(rows).with_head(|head| head.counts_persons = true);
    let share = |of: &str, whole: &str| years(of).share_of(&counted(whole), &ShareOptions::default());
    assert_eq!(protect(&share("2018 - O; 2019 -", "2018 3; 2019 30")?), "2018 - Q; 2019 - O");
    let before = share("2018 3", "2018 - Q")?.protect(&ProtectOptions::default())?;
    assert_eq!((cells(&before).as_str(), &before.at("2018", &[])?.components), ("2018 - Q", &None));
    let rounded = ProtectOptions { method: ProtectMethod::Round, ..Default::default() };
    let rounded = share("2018 3; 2019 31", "2019 60")?.protect(&rounded)?;
    assert_eq!((cells(&rounded).as_str(), &rounded.at("2018", &[])?.components), ("2018 - O; 2019 50", &None));
    Ok(())
}

#[test]
fn chains_without_end() -> Result<()> {
    let one = groups();
    let (mut last, mut before) = (one.clone(), one);
    for _ in 0..200 {
        let next = last.difference(&before, &DifferenceOptions::default())?;
        (before, last) = (last, next);
    }
    assert!(["2018 a - Q", "2018 c - Q"].iter().all(|hidden| protect(&last).contains(hidden)));
    let read = Series::read(&mut Reader::new(&last.bytes()))?;
    assert_eq!(read, last);
    Ok(())
}
