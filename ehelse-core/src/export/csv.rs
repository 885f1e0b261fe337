//! Comma-separated values by RFC 4180. Lays out no columns of its own but that of confidentiality.

use serde::{Deserialize, Serialize};

use super::table::{Column, Values, table};
use super::{Protection, RAW, published};
use crate::calendar::day_text;
use crate::disclosure::ConfStatus;
use crate::error::Result;
use crate::series::{Series, Symbols};

/// Options of [`Series::to_csv`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CsvOptions {
    /// How missing and provisional values are written in the value column.
    pub symbols: Symbols,
    /// Whether small counts of persons are protected.
    pub protect: Protection,
}

impl Series {
    /// The series as CSV: UTF-8, a header, commas, lines that end in CR LF, text in quotes where it must be.
    ///
    /// The columns are those of [`table`]. A missing value is an empty cell, or its symbol with `symbols = ssb` (ruling 29). Where
    /// persons are counted the file is protected by default (ruling 39), and a last column `conf_status` says F, A or D; with
    /// `protect = false` every row says in `reason` that it is not protected. Linear time.
    ///
    /// # Errors
    /// Those of [`Series::protect`].
    ///
    /// ```
    /// use ehelse_core::{Frequency, Observation, Period, Series, export::CsvOptions};
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
        if raw {
            if let Some(Column { values: Values::Text(reasons), .. }) = table.columns.iter_mut().find(|c| c.name == "reason") {
                let said =
                    |reason: &Option<std::sync::Arc<str>>| reason.as_ref().map_or_else(|| RAW.into(), |r| format!("{r}; {RAW}").into());
                for reason in reasons {
                    *reason = Some(said(reason));
                }
            }
        } else if series.head().counts_persons {
            let codes = series.observations().iter().map(|o| Some(ConfStatus::of(o).code().into()));
            table.columns.push(Column { name: "conf_status".to_owned(), values: Values::Text(codes.collect()) });
        }
        let mut csv = table.columns.iter().map(|column| quoted(&column.name)).collect::<Vec<_>>().join(",");
        csv.push_str("\r\n");
        for (row, cell) in series.observations().iter().enumerate() {
            for (i, column) in table.columns.iter().enumerate() {
                if i > 0 {
                    csv.push(',');
                }
                match &column.values {
                    Values::Text(texts) => csv.push_str(&quoted(texts[row].as_deref().unwrap_or(""))),
                    Values::Days(days) => csv.push_str(&day_text(days[row])),
                    Values::Numbers(_) if column.name == "value" => csv.push_str(&options.symbols.write(cell.value, cell.flags)),
                    Values::Numbers(numbers) => csv.push_str(&Symbols::None.write(numbers[row], cell.flags)),
                }
            }
            csv.push_str("\r\n");
        }
        Ok(csv)
    }
}

/// Text as a field: in quotes where it holds a comma, a quote, a line end or blanks at an end.
fn quoted(text: &str) -> String {
    let plain = !text.contains([',', '"', '\r', '\n']) && text.trim() == text;
    if plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}
