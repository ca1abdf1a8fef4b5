"""What this browser booked a moment ago: who goes back and presses again gets the slip, and not a refusal.

Only for the same answers once more; nothing of it is shown to the next visitor of a shared computer. In a signed
cookie, because a booking needs no session.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from appointments.booking.models import Appointment
from appointments.catalog.models import ServiceItem
from appointments.slots.models import Slot
from centers.people.forms import WhoForm
from portal.ui import names

SECONDS = 20 * 60
_COOKIE = "booked"


def remember(response: HttpResponse, appointment: Appointment) -> None:
    response.set_signed_cookie(
        _COOKIE,
        str(appointment.pk),
        max_age=SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def find(request: HttpRequest, slot: Slot, item: ServiceItem, form: WhoForm) -> Appointment | None:
    """The booking that says the same: this time and item, for the person named in the form."""
    pk = request.get_signed_cookie(_COOKIE, default=None, max_age=SECONDS)
    booked = Appointment.objects.for_pages().active().filter(pk=pk).first() if pk else None
    if booked is None or booked.center_id != slot.center_id:
        return None
    if (booked.starts_at, booked.item.code) != (slot.starts_at, item.code):
        return None
    if form.link:
        is_same = booked.resident == form.link.resident
    else:
        name, phone = form.cleaned_data["name"], form.cleaned_data["phone"]
        is_same = (booked.resident.name_key, booked.phone) == (names.key(name), phone)
    return booked if is_same else None
