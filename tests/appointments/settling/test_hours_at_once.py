"""Two people who enter overlapping hours at the same moment: one is stored, the other is refused with a sentence."""

from datetime import time

import pytest

from centers.models import OpeningRule
from centers.services import hours
from portal.ui.errors import RuleBroken
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture
def typed(center):
    """Both were validated before either was saved."""
    rules = [OpeningRule(center=center, weekday=0, opens=time(hour), closes=time(12)) for hour in (8, 9)]
    for rule in rules:
        rule.full_clean()
    return rules


def test_one_is_stored(typed):
    done = together(lambda rule: hours.save(rule=rule), typed)
    assert OpeningRule.objects.count() == 1
    (refused,) = [one for one in done if isinstance(one, RuleBroken)]
    assert "重叠了" in str(refused)


def test_control_without_validating_again_both_are(typed):
    together(lambda rule: rule.save(), typed)
    assert OpeningRule.objects.count() == 2
