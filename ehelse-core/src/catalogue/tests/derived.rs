//! Tests of claims, goals, targets and the roadmap: what stands beside entries and figures.

use super::*;
use crate::arithmetic::published::Published;

/// A file that uses every key of them once, to be laid over with the file of the tests beside.
const MORE: &str = r#"
[[strategy]]
id = "2021-2025"
name = { nb = "Strategi", en = "Strategy" }
from = "2021"
to = "2025"
edition = "2021"
source = "log"
note = { nb = "n", en = "n" }

[[goal]]
id = "2021-2025.1"
strategy = "2021-2025"
number = 1
name = { nb = "Mål", en = "Goal" }
sub_goals = [{ id = "a", name = { nb = "Del", en = "Part" } }]
edition = "2021"
source = "log"
note = { nb = "n", en = "n" }

[[claim]]
id = "own.entries.growth"
indicator = "own.entries"
kind = "change_percent"
of = [{ measure = "open", version = 1, period = "2019", dimensions = { kind = "web" } }, { name = { nb = "Før", en = "Before" }, value = 3000, place = 1, qualifier = "exact", unit = "entries" }]
value = 50
place = 10
qualifier = "about"
unit = "percent"
population = { nb = "Nett", en = "Web" }
statement = { nb = "Økte", en = "Grew" }
edition = "2019"
published = "2020"
source = "log"
note = { nb = "n", en = "n" }

[[claim]]
id = "own.entries.second"
indicator = "own.entries"
kind = "largest"
of = [{ indicator = "own.entries", measure = "open", period = "2019", dimensions = { kind = "web" } }]
rank = 2
population = { nb = "Nett", en = "Web" }
statement = { nb = "Nest størst", en = "Second largest" }
edition = "2019"
published = "2020"
source = "log"

[[target]]
id = "own.2025"
indicator = "own.entries"
measure = "open"
dimensions = { kind = "app" }
goal = "2021-2025.1"
unit = "entries"
baseline = { period = "2019", value = 10 }
target = { period = "2025-06", value = 2.5 }
direction = "lower_is_better"
edition = "2021"
source = "log"
note = { nb = "n", en = "n" }

[[target]]
id = "own.named"
name = { nb = "Navn", en = "Name" }
baseline = { empty = true, reason = { nb = "Ukjent", en = "Unknown" } }
target = { empty = true, reason = { nb = "Ukjent", en = "Unknown" } }
edition = "2021"
source = "log"

[[roadmap]]
id = "r1"
deliverable = { nb = "Ting", en = "Thing" }
goal = "2021-2025.1"
sub_goal = "a"
owner = "Vi"
from = "2021-01"
to = "2022"
delivered = "2022-03-15"
status = "delivered"
edition = "2021"
source = "log"
note = { nb = "n", en = "n" }
"#;

fn text() -> String {
    format!("{OWN}{MORE}")
}

fn more() -> Result<Catalogue> {
    Catalogue::from_str("own.toml", &text())
}

#[test]
fn a_file_with_every_key_is_laid_over() -> Result<()> {
    let catalogue = more()?;
    let builtin = Catalogue::builtin();
    assert_eq!((catalogue.claims().len(), catalogue.targets().len()), (builtin.claims().len() + 2, builtin.targets().len() + 2));
    let [growth, second] = &catalogue.claims()[builtin.claims().len()..] else { return Err(Error::invalid("two claims")) };
    let Operand::Figure(open) = &growth.of[0] else { return Err(Error::invalid("a figure")) };
    assert_eq!((open.indicator.as_str(), open.measure.as_str(), open.version), ("own.entries", "open", 1));
    let Operand::Aside(before) = &growth.of[1] else { return Err(Error::invalid("a number beside")) };
    assert_eq!((before.number.map(Published::value), before.unit.as_deref()), (Some(3000.0), Some("entries")));
    assert_eq!((second.kind, second.number.map(Published::value), second.unit.as_deref()), (ClaimKind::Largest, Some(2.0), None));
    let Operand::Figure(open) = &second.of[0] else { return Err(Error::invalid("a figure")) };
    assert_eq!(open.version, 2);

    let goal = catalogue.goals().last().ok_or_else(|| Error::invalid("a goal"))?;
    assert_eq!((goal.id.as_str(), goal.strategy.as_str(), goal.sub_goals[0].id.as_str()), ("2021-2025.1", "2021-2025", "a"));
    let target = &catalogue.targets()[builtin.targets().len()];
    assert_eq!((target.target.stated(), target.direction), (Some((Period::parse("2025-06")?, 2.5)), Some(Direction::LowerIsBetter)));
    let named = &catalogue.targets()[builtin.targets().len() + 1];
    assert_eq!((named.indicator.as_ref(), named.target.stated()), (None, None));
    assert_eq!(catalogue.roadmap()[0].status, RoadmapStatus::Delivered);
    Ok(())
}

#[test]
fn editions_cut_claims_goals_targets_and_roadmap() -> Result<()> {
    let catalogue = more()?;
    let count = |edition: &str| {
        let catalogue = catalogue.edition(edition)?;
        let own = |id: &str| id.starts_with("own.") || id.starts_with("2021-2025");
        let goals = catalogue.goals().iter().filter(|goal| own(&goal.id)).count();
        let claims = catalogue.claims().iter().filter(|claim| own(&claim.id)).count();
        let targets = catalogue.targets().iter().filter(|target| own(&target.id)).count();
        Ok::<_, Error>((claims, catalogue.strategies().len(), goals, targets, catalogue.roadmap().len()))
    };
    assert_eq!(count("2018")?, (0, 0, 0, 0, 0));
    assert_eq!(count("2019")?, (2, 0, 0, 0, 0));
    // The indicator is retired with edition 2021, and so are its claims and the target that names it.
    assert_eq!(count("2021")?, (0, 1, 1, 1, 1));
    Ok(())
}

#[test]
fn what_exists_is_replaced_only_when_that_is_said() -> Result<()> {
    let goal = "[[goal]]\nid = \"2023-2030.1\"\nstrategy = \"2023-2030\"\nnumber = 1\nname = { nb = \"Nytt\", en = \"New\" }\nsource = \"strategy\"\n";
    let stated = |rest: &str| Catalogue::from_str("own.toml", &format!("{goal}{rest}"));
    let error = stated("edition = \"2024\"\n").expect_err("it stands").to_string();
    assert!(error.starts_with("own.toml:2:6: goal `2023-2030.1` of edition 2024 exists already; say `override = true`"), "{error}");
    let replaced = stated("edition = \"2024\"\noverride = true\n")?;
    assert_eq!((replaced.goals().len(), replaced.goals().last().map(|goal| goal.name.en.as_str())), (5, Some("New")));
    let revised = stated("edition = \"2026\"\n")?;
    assert_eq!((revised.goals().len(), revised.edition("2024")?.goals().len()), (6, 5));
    let error = stated("edition = \"2026\"\noverride = true\n").expect_err("nothing to replace").to_string();
    assert!(error.contains("goal `2023-2030.1` of edition 2026 does not exist; leave out `override`"), "{error}");
    let error =
        Catalogue::from_str("own.toml", &format!("{goal}edition = \"2026\"\n{goal}edition = \"2026\"\n")).expect_err("twice").to_string();
    assert!(error.contains("goal `2023-2030.1` of edition 2026 stands twice"), "{error}");
    Ok(())
}

/// A replaced indicator is another one: what was said of the old one goes with it.
#[test]
fn claims_and_targets_go_with_a_replaced_indicator() -> Result<()> {
    let entry = &OWN[OWN.find("[[indicator]]").ok_or_else(|| Error::invalid("an indicator"))?
        ..OWN.find("[[figure]]").ok_or_else(|| Error::invalid("a figure"))?];
    let replaced = |id: &str| {
        let entry =
            entry.replace("own.entries", id).replace("[[indicator]]\n", "[[indicator]]\noverride = true\n").replace("\"2021\"", "\"2024\"");
        let source = "[[source]]\nid = \"log\"\ntitle = \"Logg\"\npublisher = \"Vi\"\nlanguage = \"nb\"\n";
        Catalogue::from_str("own.toml", &format!("{source}{entry}"))
    };
    let builtin = Catalogue::builtin();
    let about = |catalogue: &Catalogue, id: &str| {
        let names = |claim: &&Claim| claim.indicator == id || claim.references().any(|reference| reference.indicator == id);
        catalogue.claims().iter().filter(names).count()
    };
    let services = replaced("helsenorge.services")?;
    assert!(about(builtin, "helsenorge.services") > 7 && about(&services, "helsenorge.services") == 0);
    assert_eq!(services.claims().len(), builtin.claims().len() - about(builtin, "helsenorge.services"));
    let names = |catalogue: &Catalogue| {
        catalogue.targets().iter().filter(|target| target.indicator.as_deref() == Some("eu.ehealth_composite")).count()
    };
    assert_eq!((names(builtin), names(&replaced("eu.ehealth_composite")?)), (1, 0));
    Ok(())
}

#[test]
fn the_five_goals_are_there_and_their_slots_are_empty() {
    let catalogue = Catalogue::builtin();
    let goals: Vec<(&str, u32)> = catalogue.goals().iter().map(|goal| (goal.name.nb.as_str(), goal.number)).collect();
    assert_eq!(
        goals,
        [
            ("Aktiv medvirkning i egen og næres helse", 1),
            ("Enklere arbeidshverdag", 2),
            ("Helsedata til fornying og forbedring", 3),
            ("Tilgjengelig informasjon og styrket samhandling", 4),
            ("Samarbeid og virkemidler som styrker gjennomføringskraft", 5),
        ]
    );
    for goal in catalogue.goals() {
        let of_goal = catalogue.targets().iter().filter(|target| target.goal.as_ref() == Some(&goal.id));
        let slots: Vec<&TargetValue> = of_goal.flat_map(|target| [&target.baseline, &target.target]).collect();
        assert_eq!(slots.len(), 2);
        assert!(slots.iter().all(|slot| matches!(slot, TargetValue::Empty { reason } if reason.en == "Not stated in the documents.")));
    }
}

/// What stands in the text (once), what it becomes, and what the error says.
#[rustfmt::skip] // One case a line.
const FAULTS: &[(&str, &str, &str)] = &[
    ("id = \"own.entries.growth\"", "id = \"growth\"", "`id` is `growth`; give a name of lower-case letters, digits and `_` in three parts, such as helsenorge.guidance_calls.fall"),
    ("id = \"own.entries.second\"", "id = \"own.entries.growth\"", "claim `own.entries.growth` exists already"),
    ("kind = \"change_percent\"", "kind = \"change\"", "`kind` is `change`; did you mean `change_"),
    ("kind = \"change_percent\"", "kind = \"level\"", "a claim of kind `level` states a number and no rank: `of` has 2 of them; give 1"),
    ("kind = \"change_percent\"", "kind = \"change_percent\"\nrank = 1", "a claim of kind `change_percent` states a number and no rank: leave out `rank`"),
    ("kind = \"change_percent\"", "kind = \"higher\"", "a claim of kind `higher` states no number and no rank: leave out `value`"),
    ("rank = 2", "value = 2", "a claim of kind `largest` states a rank and no number: leave out `value`"),
    ("rank = 2", "rank = 0", "`rank` is 0; give a whole number from 1"),
    ("value = 50\nplace = 10\nqualifier = \"about\"\nunit = \"percent\"", "value = 50\nplace = 10\nqualifier = \"about\"\nunit = \"entries\"", "a claim of kind `change_percent` states a number and no rank: `unit` is `entries`; give percent"),
    ("value = 50\n", "", "[[claim]] lacks `value`"),
    ("version = 1, period", "version = 3, period", "`own.entries` has no version 3"),
    ("version = 1, period", "value = 3, period", "a figure has no `name` and no number: leave out `value`"),
    ("name = { nb = \"Før\", en = \"Before\" }", "period = \"2018\", name = { nb = \"Før\", en = \"Before\" }", "a number with a `name` is no figure: leave out `period`"),
    ("value = 3000, place", "place", "`place` needs `value`; add it"),
    ("indicator = \"own.entries\", measure", "indicator = \"own.entry\", measure", "unknown indicator `own.entry`"),
    ("strategy = \"2021-2025\"", "strategy = \"2021\"", "unknown strategy `2021`"),
    ("sub_goals = [{ id = \"a\"", "sub_goals = [{ id = \"a\", name = { nb = \"x\", en = \"x\" } }, { id = \"a\"", "sub-goal `a` stands twice"),
    ("from = \"2021\"\nto = \"2025\"", "from = \"2021\"\nto = \"2020\"", "`to` is before `from`, 2021"),
    ("goal = \"2021-2025.1\"\nunit", "goal = \"2021-2025.2\"\nunit", "unknown goal `2021-2025.2`; did you mean `2021-2025.1`?"),
    ("indicator = \"own.entries\"\nmeasure = \"open\"\ndimensions = { kind = \"app\" }", "name = { nb = \"x\", en = \"x\" }\nmeasure = \"open\"", "`measure` needs `indicator`; add it"),
    ("dimensions = { kind = \"app\" }", "dimensions = { kinds = \"app\" }", "`own.entries` has no dimension `kinds`"),
    ("unit = \"entries\"\nbaseline", "unit = \"percent\"\nbaseline", "this measure of `own.entries` is in `entries`, not `percent`"),
    ("unit = \"entries\"\nbaseline", "baseline", "[[target]] lacks `unit`; add it"),
    ("direction = \"lower_is_better\"\n", "", "a target with a value has a direction: [[target]] lacks `direction`; add it"),
    ("lower_is_better", "lower", "`direction` is `lower`; did you mean `lower_is_better`?"),
    ("target = { period = \"2025-06\", value = 2.5 }", "target = { period = \"2019-12\", value = 2.5 }", "the target must come after the baseline, 2019"),
    ("target = { period = \"2025-06\", value = 2.5 }", "target = { period = \"undated\", value = 2.5 }", "a slot needs a period of the calendar"),
    ("target = { period = \"2025-06\", value = 2.5 }", "target = { empty = true }", "an empty slot has a reason and no value: [target.target] lacks `reason`; add it"),
    ("target = { period = \"2025-06\", value = 2.5 }", "target = { empty = true, value = 2.5 }", "an empty slot has a reason and no value: leave out `value`"),
    ("target = { period = \"2025-06\", value = 2.5 }", "target = { period = \"2025\", value = 2.5, reason = { nb = \"x\", en = \"x\" } }", "a slot with a value has no reason: leave out `reason`"),
    ("name = { nb = \"Navn\", en = \"Name\" }\nbaseline = { empty = true, reason = { nb = \"Ukjent\", en = \"Unknown\" } }", "unit = \"entries\"\nbaseline = { period = \"2019\", value = 1 }", "a target with a number has a unit, and an `indicator` or a `name`: [[target]] needs `indicator` or `name`"),
    ("sub_goal = \"a\"", "sub_goal = \"b\"", "unknown sub-goal of `2021-2025.1`: `b`"),
    ("delivered = \"2022-03-15\"\n", "", "`delivered` is the day of an item whose `status` is `delivered`"),
    ("delivered = \"2022-03-15\"", "delivered = \"2020-12-31\"", "`delivered` is before `from`, 2021-01"),
    ("status = \"delivered\"", "status = \"done\"", "`status` is `done`; give one of planned, under_way"),
    ("by = [\"kind\"]\n\n[[indicator.input]]", "by = [\"kind\"]\ngoals = [\"2021-2025.2\"]\n\n[[indicator.input]]", "unknown goal `2021-2025.2`; did you mean `2021-2025.1`?"),
];

#[test]
fn every_fault_is_told_with_its_place() {
    let mut missed = Vec::new();
    for (from, to, message) in FAULTS {
        assert_eq!(text().matches(from).count(), 1, "`{from}` must stand once");
        let error = Catalogue::from_str("own.toml", &text().replace(from, to)).map(|_| ()).expect_err(to);
        if !(error.is_catalogue() && error.to_string().starts_with("own.toml:") && error.to_string().contains(message)) {
            missed.push(format!("wanted {message}\n   got {error}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
