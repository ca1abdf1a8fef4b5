"""Forgetting names and numbers that are no longer needed. Rows and figures stay: only who it was is gone.

Source: Personal Information Protection Law, Art. 19 and 47 (the shortest time that the purpose
needs). The times themselves are our defaults: settings.RETENTION_DAYS.
"""

from datetime import datetime, timedelta

from auditlog.models import LogEntry
from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Concat
from django.utils import timezone

from appointments.booking.messages import person_of, subject_of
from appointments.booking.models import Appointment, Channel
from appointments.cases import messages as case_messages
from appointments.cases.models import Case, CasePause, CaseStage, CaseStep, CaseTransfer
from appointments.desk.offline.models import OfflineMark
from appointments.tickets.models import Ticket
from appointments.waiting import messages as waiting_messages
from appointments.waiting.models import WaitingEntry
from centers.models import Leave, PresenceReport, Resident, ShiftSwap, Staff
from portal.notifications import services as notifications

AT_ONCE = 500
GONE = "gone-"
ANONYMOUS = "#"  # and the row's number: a name that no form accepts


def forget_old(at: datetime | None = None) -> int:
    """Anonymise what is past its time; returns how many rows changed. Safe to run twice, and to break off."""
    at = at or timezone.now()
    forgotten = _in_batches(_old_appointments(at), _forget_appointments)
    forgotten += _in_batches(_old_tickets(at), _forget_tickets)
    forgotten += _in_batches(_old_entries(at), _forget_entries)
    forgotten += _in_batches(_old_cases(at), _forget_cases)
    forgotten += _in_batches(_old_residents(at), _forget_residents)
    forgotten += _in_batches(_old_notes(at), _forget_notes)
    return forgotten + _forget_reasons(at) + _forget_of_staff(at)


def _old_appointments(at: datetime) -> models.QuerySet[Appointment]:
    before = at - timedelta(days=settings.RETENTION_DAYS["bookings"])
    return Appointment.objects.filter(starts_at__lt=before).exclude(_is_forgotten())


def _old_tickets(at: datetime) -> models.QuerySet[Ticket]:
    """Why somebody with a name went first, also where no number of theirs was ever known."""
    before = at - timedelta(days=settings.RETENTION_DAYS["bookings"])
    return Ticket.objects.filter(appointment__starts_at__lt=before).exclude(priority="")


def _old_entries(at: datetime) -> models.QuerySet[WaitingEntry]:
    """Who has only waited is forgotten as soon as whoever has only booked: nothing was done for them."""
    before = at - timedelta(days=settings.RETENTION_DAYS["guests"])
    return WaitingEntry.objects.filter(slot__starts_at__lt=before).exclude(_is_forgotten())


def _old_cases(at: datetime) -> models.QuerySet[Case]:
    before = at - timedelta(days=settings.RETENTION_DAYS["cases"])
    return Case.objects.filter(closed_at__lt=before).exclude(link__startswith=GONE)


def _old_residents(at: datetime) -> models.QuerySet[Resident]:
    """Whom nobody has served for long, and sooner those of whom we only ever had a name and a number.

    Family links and what a cadre wrote down (group, hamlet) say that the person belongs to the village.
    """
    theirs = Appointment.objects.filter(resident=OuterRef("pk"))
    waits = Exists(WaitingEntry.objects.open().filter(resident=OuterRef("pk")))
    guests = at - timedelta(days=settings.RETENTION_DAYS["guests"])
    bookings = at - timedelta(days=settings.RETENTION_DAYS["bookings"])
    known = models.Q(family_links__isnull=False) | models.Q(groups__isnull=False) | ~models.Q(villager_group="")
    # Whoever has a case that may still be asked about is kept as long as it is.
    carried = Exists(Case.objects.filter(resident=OuterRef("pk")).exclude(link__startswith=GONE))
    past = Resident.objects.exclude(name__startswith=ANONYMOUS).exclude(known)
    past = past.filter(~waits, ~carried, created_at__lt=guests)
    staff = Exists(theirs.filter(channel__in=Channel.by_staff()))
    return past.filter(
        models.Q(~Exists(theirs.filter(starts_at__gte=guests)) & ~staff)
        | models.Q(~Exists(theirs.filter(starts_at__gte=bookings)), created_at__lt=bookings)
    )


def _old_notes(at: datetime) -> models.QuerySet[OfflineMark]:
    """Who came while the line was down: a name and a matter, also when nobody ever entered them."""
    before = at - timedelta(days=settings.RETENTION_DAYS["guests"])
    return OfflineMark.objects.filter(made_at__lt=before).exclude(name="", matter="")


def _forget_reasons(at: datetime) -> int:
    """Why somebody was away; that they were, and who agreed, stays."""
    before = at - timedelta(days=settings.RETENTION_DAYS["leave_reasons"])
    leaves = Leave.objects.filter(last_date__lt=before.date()).exclude(reason="", refusal="")
    swaps = ShiftSwap.objects.filter(shift__date__lt=before.date()).exclude(reason="")
    _forget_history(leaves)
    _forget_history(swaps)
    return leaves.update(reason="", refusal="") + swaps.update(reason="")


def _forget_of_staff(at: datetime) -> int:
    """The number of who has left, and what was found at a door in words; who was on duty, and the finding, stay."""
    days = settings.RETENTION_DAYS
    left = timezone.localdate(at - timedelta(days=days["staff_phones"]))
    gone = Staff.objects.filter(left_on__lt=left).exclude(phone="")
    noted = PresenceReport.objects.filter(at__lt=at - timedelta(days=days["presence_notes"])).exclude(note="")
    _forget_history(gone)
    _forget_history(noted)
    return gone.update(phone="", is_phone_public=False) + noted.update(note="")


def _in_batches(rows: models.QuerySet, forget) -> int:
    forgotten = 0
    while pks := list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        forget(pks)
        forgotten += len(pks)
    return forgotten


@transaction.atomic
def _forget_appointments(pks: list[int]) -> None:
    # The slip's link dies with the name; it stays unique because it is made of the row's number.
    Appointment.objects.filter(pk__in=pks).update(phone="", contact_name="", note="", link=_gone())
    _forget_history(Appointment.objects.filter(pk__in=pks))
    notifications.forget(subjects=[subject_of(Appointment(pk=pk)) for pk in pks])


@transaction.atomic
def _forget_tickets(pks: list[int]) -> None:
    # That somebody was disabled is nobody's business; the number itself says nothing.
    Ticket.objects.filter(pk__in=pks).update(priority="")
    _forget_history(Ticket.objects.filter(pk__in=pks))


def _forget_notes(pks: list[int]) -> None:
    OfflineMark.objects.filter(pk__in=pks).update(name="", matter="")


def _is_forgotten() -> models.Q:
    """Also of somebody without a telephone: their link shows a name."""
    return models.Q(phone="", contact_name="", note="", link__startswith=GONE)


def _gone() -> Concat:
    return Concat(models.Value(GONE), F("pk"), output_field=models.CharField())


@transaction.atomic
def _forget_cases(pks: list[int]) -> None:
    """Who it was and what was written about them; the stages, their days and the outcome stay for the figures."""
    rows = Case.objects.filter(pk__in=pks)
    rows.update(phone="", contact_name="", result_note="", handed_over_to="", link=_gone())
    CaseStage.objects.filter(case__in=pks).exclude(note="").update(note=ANONYMOUS)
    CasePause.objects.filter(stage__case__in=pks).update(evidence=ANONYMOUS)
    CaseTransfer.objects.filter(case__in=pks).update(reason=ANONYMOUS)
    CaseStep.objects.filter(case__in=pks).update(note="")
    _forget_history(rows)
    notifications.forget(subjects=[case_messages.subject_of(Case(pk=pk)) for pk in pks])


@transaction.atomic
def _forget_entries(pks: list[int]) -> None:
    WaitingEntry.objects.filter(pk__in=pks).update(phone="", contact_name="", note="", link=_gone())
    _forget_history(WaitingEntry.objects.filter(pk__in=pks))
    notifications.forget(subjects=[waiting_messages.subject_of(WaitingEntry(pk=pk)) for pk in pks])


@transaction.atomic
def _forget_residents(pks: list[int]) -> None:
    anonymous = Concat(models.Value(ANONYMOUS), F("pk"), output_field=models.CharField())
    Appointment.objects.filter(resident__in=pks).update(phone="", contact_name="", note="")
    WaitingEntry.objects.filter(resident__in=pks).update(phone="", contact_name="", note="")
    Resident.objects.filter(pk__in=pks).update(name=anonymous, phone="")
    _forget_history(Resident.objects.filter(pk__in=pks))
    notifications.forget(people=[person_of(Resident(pk=pk)) for pk in pks])


def _forget_history(rows: models.QuerySet) -> None:
    """That something was changed stays, by whom and when; what it said does not."""
    LogEntry.objects.get_for_objects(rows).update(changes={}, changes_text="", object_repr="", serialized_data=None)
