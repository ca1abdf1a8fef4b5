"""The pages about hours, closures, and people whose time is closed."""

from django.utils import timezone

from centers.models import Center
from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at

PAGES = [
    ("cadre", "/desk/settle/"),
    ("cadre", "/desk/settle/{displaced}/keep/"),
    ("cadre", "/desk/messages/?show=call"),
    (None, "/bookings/{displaced_link}/"),
    ("manager", "/desk/duty/hours/"),
    ("manager", "/desk/duty/hours/new/"),
    ("manager", "/desk/duty/hours/{rule}/delete/"),
    ("manager", "/desk/duty/closures/"),
    ("manager", "/desk/duty/closures/new/"),
    ("manager", "/closures/{closure}/"),
    ("manager", "/manage/center/"),
    ("manager", "/manage/rooms/"),
    ("manager", "/manage/markets/"),
    ("manager", "/manage/ratings/"),
    ("manager", "/desk/duty/rules/"),
    ("officer", "/manage/centers/"),
    ("officer", "/oversight/closures/"),
    ("officer", "/closures/{closure}/"),
]


def world(center: Center, item, person) -> dict:
    """Somebody is booked in a slot that is closed; a closure waits for an answer."""
    slot = factories.SlotFactory(center=center, starts_at=at(7, 18))
    displaced = book(slot, item, person)
    center.slots.filter(pk=slot.pk).update(closed_at=timezone.now())
    return {
        "displaced": displaced.pk,
        "displaced_link": displaced.link,
        "rule": center.opening_rules.first().pk,
        "closure": factories.ClosureNoticeFactory(center=center, note="收秋，只留一人值班").pk,
    }
