"""A booking that is asked for once more: whose it is, and whether it says the same."""

from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments.booking.models import Appointment
from centers.models import Resident
from portal.ui import names, numbers

OTHERWISE: Promise = _("约好的和刚才填的不一样，以这张预约单为准。要改，请先取消，再重新约。")


def person_key(resident: Resident) -> tuple[int, str, str]:
    """Whom two forms name alike. Not the primary key: a rollback removes who was listed for one of them."""
    return resident.division_id, names.key(resident.name), numbers.canonical(resident.phone)


def differs(booked: Appointment, starts_at: datetime, details: dict[str, Any]) -> bool:
    """Whether the form says otherwise than the booking; `details` as for `booking.book`."""
    return booked.starts_at != starts_at or any(
        getattr(booked, name) != value
        for name, value in details.items()
        if name in ("party_size", "note", "contact_name", "relation") or (name == "phone" and value)
    )
