"""To whom a case may go is asked when the names are shown, and again when one of them is chosen."""

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.cases import services as cases
from centers.models import Membership
from centers.people import recognizing
from portal import locking
from portal.ui.errors import RuleBroken
from tests import factories
from tests.appointments.cases.carrying import now, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(village):
    return factories.MembershipFactory(user__username="colleague", division=village).user


@pytest.fixture
def transferred(case, colleague, cadre, signed_in):
    def transfer():
        sent = {"stage": seen(case), "to": colleague.pk, "reason": "去镇里开会"}
        return signed_in(cadre).post(reverse("desk_case_step", args=[case.pk, "transfer"]), sent)

    return transfer


def end_role(person) -> None:
    Membership.objects.filter(user=person).delete()


def test_control_it_goes_to_a_colleague(case, transferred, colleague):
    assert transferred().status_code == 302
    assert now(case).owner == colleague


def test_it_does_not_go_to_who_has_lost_the_role_since_the_names_were_shown(case, transferred, colleague, cadre):
    end_role(colleague)

    assert transferred().status_code == 200  # the form again, with those who have it
    assert now(case).owner == cadre


def test_it_does_not_go_to_an_account_that_sleeps(case, transferred, colleague, cadre):
    colleague.asleep_since = timezone.now()
    colleague.save()

    assert transferred().status_code == 200
    assert now(case).owner == cadre

    recognizing.wake(colleague)
    assert transferred().status_code == 302
    assert now(case).owner == colleague


def test_it_does_not_go_to_who_loses_the_role_while_it_is_sent(case, colleague, cadre, monkeypatch):
    """After the form was valid: asked again, with the case locked."""
    locked = locking.locked

    def overtaken(rows, pk):
        end_role(colleague)
        return locked(rows, pk)

    monkeypatch.setattr(locking, "locked", overtaken)
    with pytest.raises(RuleBroken, match="请另选一个人") as refused:
        cases.transfer(case=now(case), to=colleague, reason="去镇里开会", by=cadre)

    assert refused.value.code == "not_a_handler"
    assert now(case).owner == cadre
