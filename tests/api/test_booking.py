"""POST /api/v1/appointments."""

import pytest

from appointments.models import Appointment
from tests.appointments.booking import taken

pytestmark = pytest.mark.django_db


def test_a_booking_is_made_and_told(api, slot, item):
    answer = api.book(slot, party_size=2, note="要轮椅")

    assert answer.status_code == 201
    made = Appointment.objects.get()
    assert answer.json() == {
        "code": made.code,
        "status": "booked",
        "starts_at": f"{slot.starts_at:%Y-%m-%d}T09:00:00+08:00",
        "ends_at": f"{slot.starts_at:%Y-%m-%d}T09:30:00+08:00",
        "center": {"code": "990101100201", "name": "柳湾村党群服务中心"},
        "item": {"code": "yanglao-renzheng", "name": "养老金认证"},
        "name": "王*兰",
        "party_size": 2,
        "slip": f"http://localhost:8000/bookings/{made.link}/",
    }
    assert (made.channel, made.note, made.booked_by) == ("online", "要轮椅", None)
    assert taken(slot) == (2, 0)
