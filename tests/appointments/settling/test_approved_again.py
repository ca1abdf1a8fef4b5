"""What was checked when a closure was asked for is checked again when it is approved; the page says what to do."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from centers.models import Center, ClosureNotice
from centers.services import closures
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved(closure, officer, signed_in):
    def approve() -> str:
        address = reverse("closure_approve", args=[closure.pk])
        return signed_in(officer).post(address, {"tell": "call"}, follow=True).content.decode()

    return approve


def test_control_a_closure_that_holds_still_is_approved(closure, approved):
    assert "批准了" in approved()
    assert ClosureNotice.objects.approved().get() == closure


def test_a_closure_of_a_time_that_is_over_is_not_approved(closure, approved):
    now = timezone.now()
    ClosureNotice.objects.update(starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1))

    assert "这段时间已经过去了，不用再停开。请看看日期。" in approved()
    assert not ClosureNotice.objects.approved().exists()


def test_a_closure_of_a_center_that_was_merged_meanwhile_is_not_approved(closure, approved):
    Center.objects.filter(pk=closure.center_id).update(leads_to=factories.CenterFactory(), is_active=False)

    assert "已经并到别的中心，不用再停开。请看看那个中心的时间。" in approved()
    assert not ClosureNotice.objects.approved().exists()


def test_a_closure_that_was_taken_back_is_not_approved(closure, approved, manager):
    closures.withdraw(closure=closure, by=manager)

    assert "这个停开申请已经撤回了" in approved()


def test_asking_for_a_time_that_is_over_says_the_same(open_daily, manager, signed_in):
    day = (timezone.localdate() - timedelta(days=3)).isoformat()
    asked = {"first_date": day, "first_time": "00:00", "last_date": day, "last_time": "", "reason": "farming"}
    address = f"{reverse('duty_ask_closure')}?center={open_daily.code}"

    response = signed_in(manager).post(address, asked)

    assert response.status_code == 422 and not ClosureNotice.objects.exists()
