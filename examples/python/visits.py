"""Visits by day and unique prescribers on each day, from a few rows in memory.

Run it with `python examples/python/visits.py`.
"""

import numpy as np

import ehelse


def show(title: str, series: ehelse.Series) -> None:
    """Prints a line for each observation."""
    print(title)
    for o in series:
        value = "missing" if o.value is None else f"{o.value:g}"
        print(f"  {o.period}  {value:>7}  {o.status}")


# Page views of two browsers on 31 December 2019, in UTC. Oslo is one hour ahead.
noon = np.datetime64("2019-12-31T12:00:00", "s")
views = {
    "time": noon + np.array([0, 600, 2400, 39_600, 60]).astype("timedelta64[s]"),
    "client": np.array([1, 1, 1, 1, 2]),
}
visits = ehelse.compute(
    "helsenorge.visits", views, input_zone="UTC", frequency="day", coverage="2019-12-31/2020-01-01"
)
show("visits", visits)

# Prescriptions of three organisations; on each day those of the last two days count.
prescriptions = {
    "day": np.array(["2019-12-29", "2019-12-29", "2019-12-30", "2019-12-31"], dtype="datetime64[D]"),
    "organisation": np.array(["a", "b", "c", "a"]),
}
prescribers = ehelse.rolling_distinct(
    prescriptions, time="day", id="organisation", window_days=2, coverage="2019-12-29/2020-01-01"
)
show("organisations in the last 2 days", prescribers)
