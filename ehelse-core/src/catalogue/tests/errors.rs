//! Tests of the errors of a catalogue file: each is one change to the file of the tests beside.

use super::super::Catalogue;
use super::OWN;

/// What stands in the file (once), what it becomes, the text in the changed file at which the error is, and what it says.
type Case = (&'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip] // One case a line.
const CASES: &[Case] = &[
    // TOML itself, unknown keys, wrong types.
    ("id = \"log\"", "id = \"log\"\nid = \"lag\"", "id = \"lag\"", "duplicate key"),
    ("title = \"Logg\"", "title = Logg", "Logg", ""),
    ("[topic]", "[topics]", "topics", "unknown key `topics` in the file; did you mean `topic`?"),
    ("publisher = \"Vi\"", "publisher = \"Vi\"\nurl = \"x\"", "url", "unknown key `url` in [[source]]"),
    ("measured = {", "mesured = {", "mesured", "unknown key `mesured` in [[indicator]]; did you mean `measured`?"),
    ("en = \"Blueberries\"", "sv = \"Blueberries\"", "sv", "unknown key `sv` in [indicator.measured]"),
    ("counts_persons = false\n", "", "[[indicator]]", "[[indicator]] lacks `counts_persons`; add it"),
    ("counts_persons = false", "counts_persons = \"no\"", "\"no\"", "`counts_persons` is `no`; give true or false"),
    ("version = 2", "version = 2.0", "2.0", "`version` is 2.0; give a whole number from 1"),
    ("version = 2", "version = 0", "0\nkind", "`version` is 0; give a whole number from 1"),
    ("version = 2", "version = 5_000_000_000", "5_000", "`version` is 5000000000"),
    ("version = 2", "version = 99999999999999999999", "9999999", "`version` is too large"),
    ("owner = \"Vi\"", "owner = \" \"", "\" \"", "`owner` is ` `; give text that is not empty"),
    ("sources = [\"log\", \"monitor\"]", "sources = \"log\"", "\"log\"\nbreaks", "`sources` is `log`; give a list, each text"),
    ("sources = [\"log\", \"monitor\"]", "sources = []", "[]", "`sources` is empty"),
    ("published = \"2021-03\"", "published = 2021-03-01", "2021-03-01", "`published` is a date without quotes; put it in quotes"),
    ("value = 4.5e3", "value = inf", "inf", "`value` must be finite"),
    ("value = 4.5e3", "value = \"4500\"", "\"4500\"", "`value` is `4500`; give a number"),
    ("edition = { introduced", "edition = \"2018\" #", "\"2018\" #", "`edition` is `2018`; give a value for any of introduced, revised, retired"),
    // Ids and what they refer to.
    ("id = \"own\"", "id = \"messages\"", "\"messages\"", "topic `messages` exists already"),
    ("id = \"own\"", "id = \"Own\"", "\"Own\"", "`id` is `Own`; give a name of lower-case letters"),
    ("id = \"own\"", "id = \"owns\"", "\"own.entries\"", "unknown topic `own`; a new one is stated by [topic]; did you mean `owns`?"),
    ("id = \"log\"", "id = \"monitor\"", "\"monitor\"", "source `monitor` exists already"),
    ("id = \"2021\"", "id = \"2019\"", "\"2019\"", "edition `2019` exists already"),
    ("id = \"own.entries\"", "id = \"entries\"", "\"entries\"", "`id` is `entries`; give a name of lower-case letters"),
    ("id = \"own.entries\"", "id = \"own.entries\"\noverride = true", "\"own.entries\"", "`override` of `own.entries`, which does not exist"),
    ("sources = [\"log\"", "sources = [\"lag\"", "\"lag\"", "unknown source `lag`; did you mean `log`?"),
    ("sources = [\"log\", \"monitor\"]", "sources = [\"log\", \"log\"]", "\"log\"]", "`sources` has `log` twice; remove one"),
    ("introduced = \"2018\"", "introduced = \"2081\"", "\"2081\"", "unknown edition `2081`; did you mean `2018`?"),
    ("revised = [\"2019\"]", "revised = [\"2018\"]", "\"2018\"]", "`revised` must come after `introduced`"),
    ("retired = \"2021\"", "retired = \"2017\"", "\"2017\"", "`retired` must come after `introduced`"),
    ("kind = \"use\"", "kind = \"uses\"", "\"uses\"", "`kind` is `uses`; did you mean `use`? give one of input, use, effect"),
    ("[\"month\", \"year\"]", "[\"month\", \"yearly\"]", "\"yearly\"", "`frequencies` is `yearly`; did you mean `year`? give one of day, week"),
    ("[\"month\", \"year\"]", "[\"month\", \"month\"]", "\"month\"]", "`frequencies` has `month` twice; remove one"),
    ("[\"month\", \"year\"]", "[]", "[]", "`frequencies` is empty"),
    // Periods and days.
    ("breaks = [{ period = \"2019\"", "breaks = [{ period = \"2019-13\"", "\"2019-13\"", "`period` is `2019-13`; give a period, such as 2019"),
    ("valid = { from = \"2018-01-01\"", "valid = { from = \"2018-01\"", "\"2018-01\"", "`from` is `2018-01`; give a civil day, such as 2019-12-31"),
    ("to = \"2020-12-31\"", "to = \"2017-12-31\"", "{ from = \"2018-01-01\"", "a validity ends before it begins"),
    ("valid = { from = \"2018-01-01\", to = \"2020-12-31\" }", "valid = {}", "{}", "[indicator.valid] needs `from` or `to`"),
    ("from = \"2019-07-01\"", "from = \"2019-06-30\"", "{ dimension = \"kind\", label = \"web\", from = \"2019-06-30\" }", "the validity of group `web` of `kind` overlaps"),
    ("{ dimension = \"kind\", label = \"web\", from = \"2019-07-01\" }", "{ dimension = \"kin\", label = \"web\", from = \"2019-07-01\" }", "\"kin\"", "unknown dimension `kin`; did you mean `kind`?"),
    ("by = [\"kind\"]\n\n[[indicator.input]]", "by = [\"at\"]\n\n[[indicator.input]]", "\"at\"]", "unknown dimension `at`"),
    // Inputs.
    ("name = \"base\"", "name = \"rows\"", "\"rows\"\nseries", "input `rows` stands twice"),
    ("series = {", "optional = {}\nseries = {", "{}\nseries", "an input that is a series has no columns: leave out `optional`"),
    ("kind = \"label\", open", "kind = \"labels\", open", "\"labels\"", "`kind` is `labels`; did you mean `label`? give one of instant, time"),
    ("kind = \"label\", open", "kind = \"label\", period = \"label\", open", "\"label\", open", "`period` is a column of every series"),
    ("event = \"id\"", "at = \"id\"", "\"id\", count", "role `at` is required already"),
    ("frequency = \"month\" }", "frequency = \"mont\" }", "\"mont\"", "`frequency` is `mont`; did you mean `month`? give one of day, week"),
    ("[[indicator.input]]\nname = \"base\"", "[[indicator.input]]\nname = \"idle\"\ncolumns = { time = \"time\" }\n[[indicator.input]]\nname = \"base\"", "\"count\"\nbind = { time = \"at\" }\n\n", "name one of the inputs of rows by `input`"),
    ("of = [\"base\"]", "of = [\"all\"]", "[[indicator]]", "input `base` is used by no measure"),
    // Measures.
    ("name = \"open\"", "name = \"all\"", "\"all\"\nunit", "measure or series `all` stands twice"),
    ("name = \"told\"", "name = \"base\"", "\"base\"\nunit", "measure or series `base` stands twice"),
    ("formula = \"reported\"", "", "[[indicator.measure]]\nname = \"told\"", "[[indicator.measure]] needs `kernel` or `formula`"),
    ("formula = \"reported\"", "kernel = \"counts\"", "\"counts\"", "`kernel` is `counts`; did you mean `count`? give one of visits, count"),
    ("formula = \"reported\"", "formula = \"reports\"", "\"reports\"", "`formula` is `reports`; did you mean `reported`? give one of growth"),
    ("reported = true", "reported = false", "false\nowner", "measure `told` is reported; say `reported = true`"),
    ("input = \"rows\"", "input = \"base\"", "\"base\"\nbind", "unknown input of rows `base`"),
    ("input = \"rows\"", "input = \"rows\"\nof = [\"all\"]", "[\"all\"]\nbind", "a kernel reads `input`: leave out `of`"),
    ("input = \"rows\"\nbind = { time = \"at\" }", "input = \"rows\"", "\"count\"\ninput", "kernel `count` needs the role `time`, which input `rows` does not have"),
    ("bind = { time = \"at\" }\nwhere", "bind = { tiem = \"at\" }\nwhere", "tiem", "kernel `count`: unknown key `tiem` in [indicator.measure.bind]; did you mean `time`?"),
    ("bind = { time = \"at\" }\nwhere", "bind = { time = \"att\" }\nwhere", "\"att\"", "unknown role of input `rows`: `att`; did you mean `at`?"),
    ("bind = { time = \"at\" }\nwhere", "bind = { time = \"kind\" }\nwhere", "\"count\"\ninput", "reads its role `time` from a column of type instant or time or period, but `kind` of input `rows` is label"),
    ("kernel = \"count\"\ninput", "kernel = \"visits\"\ninput", "\"visits\"", "reads its role `time` from a column of type instant, but `at` of input `rows` is time"),
    ("bind = { time = \"at\" }\nwhere", "bind = { time = \"at\", count = \"event\" }\nwhere", "\"count\"\ninput", "reads its role `count` from a column of type count, but `event` of input `rows` is id"),
    ("where = { kind", "where = { kinds", "[\"web\"", "unknown role `kinds` of input `rows`; did you mean `kind`?"),
    ("[\"web\", \"app\"]", "[\"web\", 1]", "1]", "`kind` is a column of type label, which this value cannot be compared with"),
    ("[\"web\", \"app\"]", "[]", "[]", "`kind` is empty; give at least 1"),
    ("open = true, packages = 3", "open = true, packages = 3.5", "3.5", "`packages` is 3.5; give true or false, or a whole number, or text"),
    ("by = [\"kind\"]\n\n[[indicator.measure]]", "by = [\"open\"]\n\n[[indicator.measure]]", "\"open\"]\n\n", "unknown dimension `open`"),
    ("of = [\"open\", \"all\"]", "of = [\"open\", \"al\"]", "\"al\"", "unknown measure or series `al`; did you mean `all`?"),
    ("of = [\"open\", \"all\"]", "of = [\"open\"]", "[\"open\"]", "formula `share`: `of` has 1 of them; give 2"),
    ("of = [\"open\", \"all\"]", "of = [\"open\", \"all\"]\nwhere = {}", "{}", "a formula takes rows and dimensions from its operands: leave out `where`"),
    ("of = [\"open\", \"all\"]", "of = [\"open\", \"share\"]", "[[indicator.measure]]\nname = \"share\"", "measure `share` is computed from itself"),
    ("unit = \"percent\"\nformula", "unit = \"entries\"\nformula", "\"entries\"\nformula = \"share\"", "formula `share` gives `percent` here, not `entries`"),
    ("unit = \"entries\"\nformula = \"top\"", "unit = \"deaths\"\nformula = \"top\"", "\"deaths\"", "formula `top` gives `entries` here, not `deaths`"),
    ("base_years = 5", "base_year = 5", "base_year", "formula `expected`: unknown key `base_year` in [indicator.measure.parameters]; did you mean `base_years`?"),
    ("base_years = 5", "base_years = -5", "-5", "`base_years` is -5; give a whole number from 1 to 1000"),
    ("level = 0.9", "level = 95", "95 }", "`level` is 95; give a number between 0 and 1"),
    ("fixed = \"2019\"", "fixed = \"last\"", "\"last\"", "`fixed` is `last`; give a period, such as 2019"),
    ("formula = \"reported\"", "formula = \"reported\"\nparameters = { n = 1 }", "n = 1", "formula `reported`: unknown key `n` in [indicator.measure.parameters]; it takes none"),
    // Figures.
    ("measure = \"open\"", "measure = \"opens\"", "\"opens\"", "unknown measure of `own.entries`: `opens`; did you mean `open`?"),
    ("version = 1", "version = 3", "3\nperiod", "`own.entries` has no version 3; its latest is 2"),
    ("dimensions = { kind", "dimensions = { kinds", "\"web\" }\nvalue", "`own.entries` has no dimension `kinds`; did you mean `kind`?"),
    ("period = \"2019\"\ndimensions", "period = \"2019-Q1\"\ndimensions", "\"2019-Q1\"", "`own.entries` is not computed by quarter; its frequencies are month, year"),
    ("place = 100", "place = 50", "50\n", "the last place 50 is no power of ten"),
    ("place = 100", "place = 1000", "1000\n", "has digits beyond its last place 1000"),
    ("qualifier = \"about\"", "qualifier = \"abut\"", "\"abut\"", "`qualifier` is `abut`; did you mean `about`? give one of exact"),
    ("range = [2, 7]", "range = [2]", "[2]\n", "`range` has 1 of them; give 2"),
    ("range = [2, 7]", "range = [7, 2]", "[7, 2]", "`range` ends before it begins"),
    ("range = [2, 7]", "range = [2, 7]\nvalue = 2", "[2, 7]", "a figure with a number has no `range`, Q, O or M (ruling 28): leave out `range`"),
    ("range = [2, 7]\nplace = 1\n", "place = 1\n", "[[figure]]\nindicator = \"own.entries\"\nperiod = \"2019\"\nplace", "[[figure]] needs `value`, `range` or `flags`"),
    ("range = [2, 7]\nplace = 1\nqualifier = \"about\"\n", "", "[[figure]]\nindicator = \"own.entries\"\nperiod = \"2019\"\nunit", "[[figure]] needs `value`, `range` or `flags`"),
    ("flags = [\"O\"]", "flags = [\"E\"]", "[\"E\"]", "a figure without a number has a status that says so (ruling 28): `flags` lacks one of Q, O, M"),
    ("unit = \"entries\"\nflags", "unit = \"visits\"\nflags", "\"visits\"", "this figure of `own.entries` is in `entries`, not `visits`"),
    ("flags = [\"P\", \"E\"]", "flags = [\"P\", \"X\"]", "\"X\"", "`flags` is `X`; did you mean `A`? give one of Q, O, M"),
    ("flags = [\"P\", \"E\"]", "flags = [\"P\", \"Q\"]", "\"Q\"", "a figure with a number has no `range`, Q, O or M (ruling 28): `flags` is `Q`"),
    ("edition = \"2019\"\npublished = \"2020\"\nsource = \"log\"\nnote", "edition = \"2017\"\npublished = \"2020\"\nsource = \"log\"\nnote", "\"2017\"", "`own.entries` came with edition 2018, after edition 2017"),
    ("indicator = \"own.entries\"\nmeasure", "indicator = \"own.entry\"\nmeasure", "\"own.entry\"", "unknown indicator `own.entry`; did you mean `own.entries`?"),
    ("population = { nb = \"Alle\", en = \"All\" }\nedition = \"2019\"\npublished = \"2020\"\nsource = \"log\"\nnote", "edition = \"2019\"\npublished = \"2020\"\nsource = \"log\"\nnote", "[[figure]]", "[[figure]] lacks `population`"),
];

#[test]
fn every_error_names_its_place() {
    let mut faults = Vec::new();
    for (from, to, at, message) in CASES {
        assert_eq!(OWN.matches(from).count(), 1, "`{from}` must stand once");
        let text = OWN.replace(from, to);
        let before = &text[..text.find(at).expect(at)];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        let error = Catalogue::from_str("own.toml", &text).map(|_| ()).expect_err(to);
        let said = error.to_string();
        if !(error.is_catalogue() && said.starts_with(&format!("own.toml:{line}:{column}: ")) && said.contains(message)) {
            faults.push(format!("wanted own.toml:{line}:{column}: {message}\n   got {said}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn things_that_stand_twice() {
    let entry = &OWN[OWN.find("[[indicator]]").expect("an indicator")..OWN.find("[[figure]]").expect("a figure")];
    let figures: Vec<String> = OWN.split("[[figure]]").skip(1).map(|figure| format!("[[figure]]{figure}")).collect();
    let source = "[[source]]\nid = \"log\"\ntitle = \"t\"\npublisher = \"p\"\nlanguage = \"nb\"\n";
    for (more, message) in [
        (entry, "indicator `own.entries` stands twice"),
        (&figures[0], "this figure of `own.entries` for 2019 is there already, with the value 4500; a figure is never overwritten"),
        (&figures[0].replace("4.5e3", "4.6e3"), "with the value 4500"),
        (&figures[1], "this figure of `own.entries` for 2019 is there already, from 2 to 7"),
        (&figures[2], "this figure of `own.entries` for 2018 is there already, without a value"),
        (source, "source `log` exists already"),
    ] {
        let error = Catalogue::from_str("own.toml", &format!("{OWN}\n{more}")).map(|_| ()).expect_err(message);
        let lines = OWN.matches('\n').count();
        let line = error.to_string().split(':').nth(1).and_then(|line| line.parse::<usize>().ok());
        assert!(error.is_catalogue() && line > Some(lines) && error.to_string().contains(message), "{error}");
    }
}

#[test]
fn circles_are_found_at_any_length() {
    let text = OWN
        .replace("of = [\"base\"]\nparameters = { base_years = 5, exclude_years = [2020], min_years = 3, level = 0.9 }", "of = [\"top\"]")
        .replace("of = [\"all\"]\nparameters = { n = 3", "of = [\"expected\"]\nparameters = { n = 3");
    let error = Catalogue::from_str("own.toml", &text).map(|_| ()).expect_err("a circle");
    assert!(error.to_string().contains("measure `expected` is computed from itself"), "{error}");
}

#[test]
fn an_indicator_needs_a_measure() {
    let (from, to) = (OWN.find("[[indicator.measure]]").expect("a measure"), OWN.find("[[figure]]").expect("a figure"));
    let error = Catalogue::from_str("own.toml", &format!("{}{}", &OWN[..from], &OWN[to..])).map(|_| ()).expect_err("no measure");
    assert!(error.to_string().contains("[[indicator]] lacks `measure`; add it"), "{error}");
}

#[test]
fn broken_text_is_an_error_and_never_a_panic() {
    for (at, _) in OWN.char_indices().step_by(7) {
        let _ = Catalogue::from_str("own.toml", &OWN[..at]);
        let _ = Catalogue::from_str("own.toml", &format!("{}\u{0}é{}", &OWN[..at], &OWN[at..]));
    }
    let deep = format!("topic = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(Catalogue::from_str("own.toml", &deep).is_err());
}
