"""Made-up national logs by name, with known answers; nothing here describes a real person, organisation or count."""

from collections.abc import Mapping

from . import care_record, registers, surveys
from .events import EVENTS
from .reported import ACCOUNTS, SCORES
from .tables import Make
from .visits import page_views

__all__ = ["LOGS"]

LOGS: Mapping[str, Make] = {
    "page_views": page_views,
    **EVENTS,
    "deaths": registers.death_series,
    "patient_travel_claims": registers.claims,
    "care_units": care_record.units,
    "care_lookups": care_record.lookups,
    "citizen_lookups": care_record.citizen_lookups,
    "privacy_choices": registers.choices,
    "registry_lookups": registers.registry_lookups,
    **ACCOUNTS,
    "health_data_sources": registers.sources,
    "citizen_survey": surveys.citizens,
    "personnel_survey": surveys.personnel,
    **SCORES,
    "portfolio_projects": registers.projects,
    "roadmap": registers.roadmap,
}
