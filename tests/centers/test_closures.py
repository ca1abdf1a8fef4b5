"""Closures: requested by the manager, approved by the township, never one's own."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from centers.models import ClosureNotice
from centers.services import closures
from portal.accounts.roles import Role
from portal.ui.errors import NotAllowed, RuleBroken
from tests import factories
from tests.behind import behind
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def closure(center, manager):
    return closures.request(center=center, starts_at=at(3, 8), ends_at=at(3, 18), reason="farming", by=manager)


def test_a_manager_asks_and_nothing_counts_yet(closure):
    assert closure.requested_by.username == "manager"
    assert not ClosureNotice.objects.approved().exists()


def test_a_cadre_cannot_ask(center, cadre):
    with pytest.raises(NotAllowed):
        closures.request(center=center, starts_at=at(3, 8), ends_at=at(3, 18), reason="farming", by=cadre)


def test_a_closure_that_ends_before_it_starts_is_refused_in_words(center, manager):
    with pytest.raises(RuleBroken, match="结束时间要晚于开始时间"):
        closures.request(center=center, starts_at=at(3, 18), ends_at=at(3, 8), reason="farming", by=manager)


def test_the_township_approves(closure, officer):
    approved = closures.approve(closure=closure, by=officer)

    assert approved.approved_by == officer
    assert ClosureNotice.objects.approved().get() == closure


def test_approving_twice_keeps_the_first_approval(closure, officer):
    first = closures.approve(closure=closure, by=officer)

    assert closures.approve(closure=closure, by=officer).approved_at == first.approved_at


@pytest.mark.parametrize("person", ["manager", "cadre", "stranger", "villager"])
def test_nobody_else_approves(closure, person, request):
    with pytest.raises(NotAllowed):
        closures.approve(closure=closure, by=request.getfixturevalue(person))


def test_nobody_approves_their_own_request(closure, manager, township):
    factories.MembershipFactory(user=manager, division=township, role=Role.TOWNSHIP)

    with pytest.raises(NotAllowed, match="由别人批准"):
        closures.approve(closure=closure, by=manager)


def test_a_withdrawn_request_cannot_be_approved(closure, manager, officer):
    closures.withdraw(closure=closure, by=manager)

    with pytest.raises(RuleBroken, match="已经撤回"):
        closures.approve(closure=closure, by=officer)


def test_the_township_withdraws_an_approved_closure(closure, officer):
    closures.approve(closure=closure, by=officer)
    closures.withdraw(closure=closure, by=officer)

    assert not ClosureNotice.objects.approved().exists()


def test_a_stranger_cannot_withdraw(closure, stranger):
    with pytest.raises(NotAllowed):
        closures.withdraw(closure=closure, by=stranger)


def test_a_closure_until_midnight_ends_on_the_day_before(center):
    closure = factories.ClosureNoticeFactory(center=center, starts_at=at(3, 8), ends_at=at(5, 0))
    today = timezone.localdate()

    assert closures.days_of(closure) == (today + timedelta(days=3), today + timedelta(days=4))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_same_times_asked_for_twice_at_once_are_one_closure(center, manager):
    times = {"starts_at": at(3, 8), "ends_at": at(3, 18)}
    ask = partial(closures.request, center=center, **times, reason="farming", by=manager)

    first, second = behind(ask, ask)

    assert first == second == ClosureNotice.objects.get()
