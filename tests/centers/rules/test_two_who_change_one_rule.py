"""Two people change one rule at once: one change is stored, the other person is told; without the constraint, both."""

from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from centers.models import RuleChange
from centers.rules import services
from centers.rules.declared import rules
from portal.ui.errors import RuleBroken
from portal.ui.idempotency import new_key
from tests import factories
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
GUARD = "a_rule_of_a_division_changes_in_turn"


@pytest.fixture
def change_both(county, monkeypatch):
    """Both have seen that nobody changed it, and both have looked before either stores."""
    people, looked = factories.UserFactory.create_batch(2), Barrier(2)
    is_same = services._is_same

    def slow(row: RuleChange) -> bool:
        if connection.vendor == "postgresql":  # SQLite lets only one in
            looked.wait(timeout=10)
        return is_same(row)

    monkeypatch.setattr(services, "_is_same", slow)

    def change(number: int) -> RuleChange:
        return services.change(
            rule=rules()["BOOKING_HORIZON_DAYS"],
            division=county,
            value=10 + number,
            valid_from=timezone.localdate(),
            reason="农忙",
            seen=0,
            key=new_key(),
            by=people[number],
        )

    return lambda: together(change, range(2))


def test_one_is_stored_and_the_other_is_told(change_both):
    said = change_both()

    assert RuleChange.objects.count() == 1
    assert sorted(isinstance(answer, RuleBroken) for answer in said) == [False, True]


def test_without_the_constraint_both_are_stored(change_both):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite serializes those who write")
    [constraint] = [one for one in RuleChange._meta.constraints if one.name == GUARD]
    with connection.schema_editor() as editor:
        editor.remove_constraint(RuleChange, constraint)
    try:
        change_both()
        assert RuleChange.objects.count() == 2
    finally:
        RuleChange.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(RuleChange, constraint)
