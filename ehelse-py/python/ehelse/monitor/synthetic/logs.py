"""All made-up tables of the monitor, in the order of its topics."""

from __future__ import annotations

from . import (
    citizens,
    comparison,
    eprescription,
    health_data,
    ict,
    messages,
    portal,
    portfolio,
    registries,
    security,
    strategy,
    surveys,
    travel,
    units,
)
from .log import Make

__all__ = ["LOGS"]

#: Name, share of all rows (0: the size follows the size of the run, or is fixed), function.
LOGS: tuple[tuple[str, float, Make], ...] = (
    ("page_views", 0.37, portal.page_view_log),
    ("logins", 0.09, portal.login_log),
    ("service_views", 0.08, portal.service_view_log),
    ("guidance_contacts", 0.02, portal.contact_log),
    ("prescriptions", 0.10, eprescription.prescription_log),
    ("dispensings", 0.10, eprescription.dispensing_log),
    ("own_medicines", 0.03, eprescription.own_medicines_log),
    ("deaths", 0.0, messages.death_log),
    ("death_notifications", 0.0, messages.death_notification_log),
    ("messages", 0.05, messages.message_log),
    ("care_messages", 0.04, messages.care_message_log),
    ("patient_travel_claims", 0.0, travel.claim_log),
    ("care_units", 0.0, units.unit_register),
    ("care_lookups", 0.0, units.lookup_log),
    ("critical_information", 0.0, citizens.registration_log),
    ("citizen_lookups", 0.0, citizens.citizen_lookup_log),
    ("citizen_entries", 0.0, citizens.citizen_entry_log),
    ("citizen_conditions", 0.0, citizens.condition_log),
    ("privacy_choices", 0.0, citizens.privacy_choice_log),
    ("registry_lookups", 0.0, registries.registry_lookup_log),
    ("ict_accounts", 0.0, ict.account_register),
    ("ict_operating_cost", 0.0, ict.operating_register),
    ("ict_staff", 0.0, ict.staff_register),
    ("ict_vat_effect", 0.0, ict.vat_effect_series),
    ("benchmark_cost_per_employee", 0.0, ict.cost_benchmark),
    ("benchmark_operating_share", 0.0, ict.operating_share_benchmark),
    ("benchmark_split", 0.0, ict.split_benchmark),
    ("benchmark_areas", 0.0, ict.area_benchmark),
    ("health_data_applications", 0.0, health_data.application_log),
    ("health_data_sources", 0.0, health_data.source_register),
    ("citizen_survey", 0.0, surveys.citizen_survey),
    ("personnel_survey", 0.0, surveys.personnel_survey),
    ("security_scores", 0.0, security.maturity_scores),
    ("benchmark_maturity", 0.0, security.maturity_benchmark),
    ("security_answers", 0.0, security.self_assessment),
    ("portfolio_projects", 0.0, portfolio.project_register),
    ("portal_features", 0.0, comparison.portal_features),
    ("eu_sub_indicators", 0.0, comparison.eu_sub_indicators),
    ("population", 0.0, comparison.population_series),
    ("prescriptions_by_country", 0.0, comparison.prescription_series),
    ("inhabitants", 0.0, comparison.inhabitant_series),
    ("roadmap", 0.0, strategy.roadmap_register),
)
