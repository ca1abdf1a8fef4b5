"""Evidence of duty from tickets: somebody was called and served (settings.EVIDENCE_SOURCES)."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.tickets.models import Ticket
from centers.duty.evidence import Proof, half_of


def numbers(centers: list[int], start: datetime, end: datetime) -> Iterable[Proof]:
    """Anonymous walk-ins who were called and served. Evidence of kind B: only the desk itself records it."""
    days = (timezone.localdate(start), timezone.localdate(end))
    done = Ticket.objects.filter(center__in=centers, day__range=days, appointment=None, called_at__isnull=False)
    for center, moment in done.filter(done_at__gte=start, done_at__lt=end).values_list("center_id", "done_at"):
        yield Proof(half_of(center, moment), _("叫号办了一位"), moment)
