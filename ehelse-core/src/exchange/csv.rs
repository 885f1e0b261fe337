//! Comma-separated values by RFC 4180. Lays out no columns of its own but that of confidentiality.

use std::iter;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::form::FormOf;
use super::{Protection, RAW, published};
use crate::calendar::day_text;
use crate::error::Result;
use crate::series::{Series, Symbols};
use crate::table::{Column, Values, table};

/// Options of [`Series::to_csv`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CsvOptions {
    /// How missing and provisional values are written in the value column.
    pub symbols: Symbols,
    /// Whether small counts of persons are protected.
    pub protect: Protection,
}

impl FormOf for CsvOptions {
    const NAME: &'static str = "to_csv";
    const WORDS: &'static str = "The series as CSV text; protected where persons are counted, unless `protect` is false.";

    fn write(&self, series: &Series) -> Result<String> {
        series.to_csv(self)
    }
}

impl Series {
    /// The series as CSV: UTF-8, a header, commas, lines that end in CR LF, text in quotes where it must be.
    ///
    /// The columns are those of [`table`]. A missing value is an empty cell, or its symbol with `symbols = ssb` (ruling 29). Where
    /// persons are counted the file is protected by default (ruling 39), and the last columns are `conf_status` (F, A or D) and
    /// `protection`; with `protect = false` every row says in `reason` that it is not protected. Linear time.
    ///
    /// # Errors
    /// Those of [`Series::protect`].
    ///
    /// ```
    /// use ehelse_core::{Frequency, Observation, Period, Series, exchange::CsvOptions};
    /// let rows = vec![Observation::new(Period::parse("2018")?, None), Observation::new(Period::parse("2019")?, Some(37.2e6))];
    /// let csv = Series::reported("visits", Frequency::Year, &[], rows)?.to_csv(&CsvOptions::default())?;
    /// let lines: Vec<&str> = csv.split("\r\n").collect();
    /// assert_eq!(lines[0], "period,start,end,measure,unit,value,status,flags,reason");
    /// assert_eq!(lines[1], "2018,2018-01-01,2018-12-31,value,visits,,O,O,");
    /// assert_eq!(lines[2], "2019,2019-01-01,2019-12-31,value,visits,37200000,A,,");
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn to_csv(&self, options: &CsvOptions) -> Result<String> {
        let (series, raw) = published(self, &options.protect)?;
        let mut table = table(&series);
        let reasons = table.columns.iter_mut().find(|column| raw && column.name == "reason");
        if let Some(Column { values: Values::Text(reasons), .. }) = reasons {
            for reason in reasons {
                *reason = Some(reason.as_ref().map_or_else(|| RAW.into(), |reason| format!("{reason}; {RAW}").into()));
            }
        }
        let header = table.columns.iter().map(|column| quoted(&column.name)).collect::<Vec<_>>();
        let records = series.observations().iter().enumerate().map(|(row, cell)| {
            let field = |column: &Column| match &column.values {
                Values::Text(texts) => quoted(texts[row].as_deref().unwrap_or("")),
                Values::Days(days) => days[row].map_or_else(String::new, day_text),
                Values::Numbers(_) if column.name == "value" => options.symbols.write(cell.value, cell.flags),
                Values::Numbers(numbers) => Symbols::None.write(numbers[row], cell.flags),
            };
            table.columns.iter().map(field).collect()
        });
        Ok(iter::once(header).chain(records).map(|fields: Vec<String>| fields.join(",") + "\r\n").collect())
    }
}

/// Text as a field: in quotes where it holds a comma, a quote, a line end or blanks at an end.
fn quoted(text: &str) -> String {
    let plain = !text.contains([',', '"', '\r', '\n']) && text.trim() == text;
    if plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::sample::series;
    use crate::publication::ProtectOptions;

    fn lines(series: &Series, options: &CsvOptions) -> Vec<String> {
        let csv = series.to_csv(options).unwrap();
        assert!(csv.ends_with("\r\n"));
        csv.trim_end().split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn fields_that_need_quotes() {
        for (text, field) in
            [("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("say \"a\"", "\"say \"\"a\"\"\""), ("a\nb", "\"a\nb\""), (" a", "\" a\"")]
        {
            assert_eq!(quoted(text), field);
        }
    }

    #[test]
    fn symbols_of_the_office() {
        let s = series("visits", &[], "2015 0; 2016 - M; 2017 - O; 2018 - Q; 2019 1.5 EP");
        let values = |symbols| {
            let rows = lines(&s, &CsvOptions { symbols, ..Default::default() });
            rows[1..].iter().map(|row| row.split(',').nth(5).unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(values(Symbols::Ssb), ["0", ".", "..", ":", "1.5*"]);
        assert_eq!(values(Symbols::None), ["0", "", "", "", "1.5"]);
        assert!(lines(&s, &CsvOptions::default())[5].ends_with(",1.5,E,E P,"));
    }

    #[test]
    fn persons_are_protected_unless_it_is_said() {
        let s = series("persons", &["k"], "2019 a 3; 2019 b 9; 2019 c 50; 2019 _T 62").with_head(|head| head.counts_persons = true);
        let rows = lines(&s, &CsvOptions::default());
        assert!(rows[0].ends_with(",reason,conf_status,protection"));
        assert!(
            rows[1].starts_with("2019,2019-01-01,2019-12-31,a,value,persons,,Q,Q,suppressed because") && rows[1].ends_with(",A,suppress:4")
        );
        assert!(rows[2].ends_with(",D,suppress:4") && rows[3].ends_with(",F,suppress:4"));
        let raw = lines(&s, &CsvOptions { protect: Protection::Switch(false), ..Default::default() });
        assert!(raw[1..].iter().all(|row| row.contains("not protected: raw counts of persons")));
        assert_eq!(raw[1].split(',').nth(6), Some("3"));
        let own =
            CsvOptions { protect: Protection::With(ProtectOptions { max_suppressed: 2, ..Default::default() }), ..Default::default() };
        assert_eq!(lines(&s, &own)[1].split(',').nth(6), Some("3"));
        let protected = s.protect(&ProtectOptions { max_suppressed: 2, ..Default::default() }).unwrap();
        assert_eq!(lines(&protected, &CsvOptions::default())[1].split(',').nth(6), Some("3"), "protected once, by its own rule");
    }

    #[test]
    fn an_empty_series_is_a_header() {
        assert_eq!(lines(&series("visits", &[], ""), &CsvOptions::default()).len(), 1);
    }
}
