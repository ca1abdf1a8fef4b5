"""Marks at the desk: permissions, and idempotency of double taps."""

import pytest
from django.urls import reverse

from appointments.booking.models import Status
from tests import factories
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def begun(center, item, resident, settings):
    """Booked for the first minute of today, so that it has begun whenever the test runs."""
    settings.DESK_GRACE_MINUTES = 0
    slot = factories.SlotFactory(center=center, starts_at=at(0, 0), online_taken=1)
    appointment = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=slot.starts_at)
    factories.PlaceFactory(appointment=appointment, slot=slot)
    return appointment


@pytest.fixture
def tap(signed_in, cadre):
    client = signed_in(cadre)

    def tap(appointment, mark, **fields):
        return client.post(reverse("desk_mark", args=[appointment.pk, mark]), fields)

    return tap


def status(appointment) -> Status:
    appointment.refresh_from_db()
    return appointment.status


@pytest.mark.parametrize(
    ("mark", "becomes"), [("arrive", Status.ARRIVED), ("serve", Status.SERVED), ("miss", Status.MISSED)]
)
def test_a_mark_is_set_and_a_second_tap_changes_nothing(tap, begun, mark, becomes):
    tap(begun, mark)
    moment = status(begun), begun.arrived_at, begun.served_at, begun.missed_at

    tap(begun, mark)

    assert (status(begun), begun.arrived_at, begun.served_at, begun.missed_at) == moment
    assert begun.status == becomes


def test_taking_back_twice_takes_back_once(tap, begun):
    tap(begun, "arrive")
    tap(begun, "serve")

    tap(begun, "undo", seen="served")
    tap(begun, "undo", seen="served")

    assert status(begun) == Status.ARRIVED


def test_without_script_one_comes_back_to_the_same_list(tap, begun):
    answer = tap(begun, "arrive")

    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{reverse('desk')}?center={begun.center.code}&day=")
    assert answer["Location"].endswith(f"#a{begun.pk}")


def test_the_filter_is_kept(signed_in, cadre, begun):
    address, back = reverse("desk_mark", args=[begun.pk, "arrive"]), {"back": "show=booked&q=%E7%8E%8B"}

    assert signed_in(cadre).post(address, back)["Location"].startswith("/desk/?show=booked&q=%E7%8E%8B#")


def test_a_refusal_is_said(signed_in, cadre, begun):
    begun.missed_at, begun.missed_by = begun.starts_at, cadre
    begun.save()

    page = signed_in(cadre).post(reverse("desk_mark", args=[begun.pk, "serve"]), follow=True).content.decode()

    assert "要改请先撤回" in page


def test_with_script_only_what_changed_is_sent(signed_in, cadre, begun):
    answer = signed_in(cadre).post(reverse("desk_mark", args=[begun.pk, "arrive"]), **HTMX).content.decode()

    assert "<html" not in answer
    assert f'id="a{begun.pk}"' in answer
    assert 'id="counts"' in answer


def test_with_script_a_refusal_is_said_too(signed_in, cadre, begun):
    begun.missed_at, begun.missed_by = begun.starts_at, cadre
    begun.save()

    answer = signed_in(cadre).post(reverse("desk_mark", args=[begun.pk, "serve"]), **HTMX).content.decode()

    assert "要改请先撤回" in answer


def test_whoever_only_looks_on_may_not_mark(signed_in, officer, begun):
    assert signed_in(officer).post(reverse("desk_mark", args=[begun.pk, "serve"])).status_code == 403
    assert status(begun) == Status.BOOKED


def test_another_centers_appointment_is_not_there(signed_in, cadre, other_center, item):
    foreign = factories.AppointmentFactory(
        center=other_center, item=item, resident__division=other_center.division, starts_at=at(0, 0)
    )

    assert signed_in(cadre).post(reverse("desk_mark", args=[foreign.pk, "serve"])).status_code == 404
    assert status(foreign) == Status.BOOKED


def test_a_mark_that_is_none_is_not_found(signed_in, cadre, begun):
    assert signed_in(cadre).post(reverse("desk_mark", args=[begun.pk, "praise"])).status_code == 404


def test_a_mark_is_never_set_by_looking(signed_in, cadre, begun):
    assert signed_in(cadre).get(reverse("desk_mark", args=[begun.pk, "serve"])).status_code == 405


def test_whoever_has_signed_out_elsewhere_is_sent_to_sign_in_and_not_left_wondering(client, begun):
    answer = client.post(
        reverse("desk_mark", args=[begun.pk, "serve"]), **HTMX, HTTP_HX_CURRENT_URL="http://testserver/desk/"
    )

    assert answer["HX-Redirect"] == f"{reverse('account_login')}?next=/desk/"
    assert status(begun) == Status.BOOKED
