"""A day that is typed fits what it is for: a leave, a closure or a department's promise is not of another century."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from appointments.models import CaseStage
from centers.duty import leaves
from centers.models import ClosureNotice, Leave
from portal.ui.errors import RuleBroken
from tests import factories
from tests.appointments.cases.conftest import case, proxy_item  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def her(center, cadre):
    return factories.StaffFactory(center=center, user=cadre, name="刘晓敏")


@pytest.fixture
def ask(signed_in, cadre, her):
    def asked(first: str, last: str) -> str:
        form = {
            "staff": her.pk,
            "first_date": first,
            "last_date": last,
            "first_part": "morning",
            "last_part": "evening",
        }
        return signed_in(cadre).post(reverse("duty_ask_leave"), form, follow=True).content.decode()

    return asked


def in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (3, "9999-12-31", "请看看年份"),
        (3, "2100-12-31", "请看看年份"),
        (3, 3 + 366, "一次请假最多366天"),
        ("0226-12-01", 3, "请看看年份"),
        ("1950-01-01", 3, "请看看年份"),
    ],
)
def test_a_leave_into_another_century_is_refused(ask, first, last, said):
    first, last = (in_days(day) if isinstance(day, int) else day for day in (first, last))

    assert said in ask(first, last)
    assert not Leave.objects.exists()


def test_control_a_leave_of_a_year_can_be_asked_for(ask):
    ask(in_days(3), in_days(3 + 365))

    assert Leave.objects.get().half_days == 732


def test_the_service_refuses_it_as_well(her, cadre):
    today = timezone.localdate()
    span = {"first_part": "morning", "last_part": "evening", "last_date": today.replace(year=9999)}
    with pytest.raises(RuleBroken) as refusal:
        leaves.ask(staff=her, first_date=today, by=cadre, **span)

    assert refusal.value.code == "too_long"


@pytest.mark.parametrize("day", ["9999-12-31", "0226-12-01", "2100-12-31"])
def test_a_closure_in_another_century_is_refused(signed_in, manager, center, day):
    form = {"first_date": in_days(3), "first_time": "00:00", "last_date": day, "reason": "other"}

    page = signed_in(manager).post(reverse("duty_ask_closure"), form).content.decode()

    assert "请看看年份" in page
    assert not ClosureNotice.objects.exists()


@pytest.mark.parametrize(("day", "is_taken"), [("9999-12-31", False), ("0226-12-01", False), (None, True)])
def test_a_promise_of_another_office_is_not_of_another_century(
    signed_in,
    cadre,
    case,  # noqa: F811
    day,
    is_taken,
):
    """Each page that shows the case counts the workdays until then."""
    form = {"stage": case.stage.pk, "office": "县民政局", "expected_on": day or in_days(30)}

    answer = signed_in(cadre).post(reverse("desk_case_step", args=[case.pk, "department"]), form)

    assert (answer.status_code == 302) is is_taken
    assert CaseStage.objects.filter(case=case).count() == 1 + is_taken


@pytest.mark.parametrize("pk", ["9223372036854775808", "9" * 400, "-1", "x"])
def test_a_choice_of_many_with_a_number_that_no_row_has_is_refused(signed_in, manager, center, item, her, pk):
    address = reverse("duty_agents", args=[item.code])

    answer = signed_in(manager).post(f"{address}?center={center.code}", {"first": [her.pk, pk]})

    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["first"])


@pytest.mark.parametrize("name", ["statutory_limit", "promised_limit"])
@pytest.mark.parametrize(("days", "is_taken"), [(1000, True), (1001, False), (32767, False)])
def test_a_limit_of_an_item_is_not_of_another_century(item, name, days, is_taken):
    setattr(item, name, days)
    try:
        item.full_clean()
    except ValidationError as error:
        assert not is_taken and list(error.error_dict) == [name]
    else:
        assert is_taken
