"""The monitor: files in, a table, CSV, JSON-stat and one report page out; no statistics are computed here."""
