//! A series as a table: its columns, written and read. Knows no Arrow and no file.

mod read;
mod write;

pub use crate::series::is_dimension;
pub use write::{Column, Table, Values, table};
pub(crate) use write::{components, years_used};
