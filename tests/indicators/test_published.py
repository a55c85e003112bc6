"""The fictional township's records give the published figures of its yearly summary."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from apps.home.demo.load import load_townships
from apps.indicators.selectors.published import EQUAL, check_figures
from tests.indicators.conftest import TODAY

PUBLISHED = {
    "S1-001": ("villages", 23),
    "S1-003": ("population", 30_317),
    "S1-004": ("women_15_49", 7_678),
    "S1-005": ("currently_married_women_15_49", 5_824),
    "S1-006": ("births", 336),
    "S1-010": ("birth_rate", 11.1),
    "S1-011": ("births_male", 167),
    "S1-012": ("births_female", 169),
    "S1-013": ("sex_ratio_at_birth", 98.8),
    "S1-014": ("deaths", 178),
    "S1-015": ("death_rate", 5.88),
    "S1-016": ("natural_increase_rate", 5.22),
    # Abolished figures: totals that were entered, never computed from people.
    "S1-007": ("legacy:in_policy_births", 286),
    "S1-008": ("legacy:out_of_policy_births", 50),
    "S1-009": ("legacy:in_policy_birth_rate", 85.12),
}


@pytest.mark.slow
def test_demo_township_has_the_published_figures(db: None) -> None:
    reference = settings.BASE_DIR / "fixtures"
    call_command("load_regions", str(reference / "demo" / "regions.csv"), stdout=StringIO())
    load_townships(today=TODAY, say=lambda text: None)

    checks = check_figures(reference / "reference" / "seed_figures.yaml")

    covered = {c.id: (c.indicator, c.published) for c in checks if c.state == EQUAL}
    assert covered == PUBLISHED
