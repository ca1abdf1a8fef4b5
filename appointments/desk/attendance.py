"""Attendance of an appointment at the desk: arrived, served, missed, and undoing the last mark.

`at` is the time of a mark that was made offline and synced later; the default is now.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.booking import messages
from appointments.booking.confirmation import not_expected
from appointments.booking.displaced import has_reason, with_displacement
from appointments.booking.models import Appointment, Channel, Status
from appointments.slots import capacity
from appointments.slots.models import Slot
from appointments.tickets import services as tickets
from centers.days.proof import prove
from centers.rules.reading import value
from portal.accounts.models import User
from portal.notifications import services as notifications
from portal.ui import words
from portal.ui.errors import RuleBroken

# Our defaults: tolerated clock skew between devices, and the maximum age of an offline mark when it is synced.
CLOCK_SKEW = timedelta(minutes=2)
MAX_AGE = timedelta(days=7)


def moment_of(appointment: Appointment, at: datetime | None, now: datetime) -> datetime:
    """The timestamp of a mark: `at`, if it is plausible for this appointment, or `now` without `at`.

    Raises RuleBroken `clock` (in the future), `too_old`, `other_day`, `not_yet_booked`.
    """
    if at is None:
        return now
    if at > now + CLOCK_SKEW:
        raise RuleBroken(_("记下的时间比现在还晚，这台电脑的钟可能不准。没有记上，请在工作台上补记。"), code="clock")
    if at < now - MAX_AGE:
        raise RuleBroken(_("这是七天以前记下的，太久了，没有记上。要改请联系乡镇。"), code="too_old")
    if timezone.localdate(at) != timezone.localdate(appointment.starts_at):
        raise RuleBroken(_("这不是记下那一天的预约，没有记上。请在工作台上核对。"), code="other_day")
    if at < appointment.booked_at - CLOCK_SKEW:
        raise RuleBroken(_("记下的时候这个预约还没有约，没有记上。请在工作台上核对。"), code="not_yet_booked")
    return max(min(at, now), appointment.booked_at)


@transaction.atomic
def arrive(*, appointment: Appointment, by: User, at: datetime | None = None) -> Appointment:
    """Mark as arrived and issue a ticket. Idempotent. Raises RuleBroken `not_expected` for a cancelled appointment.

    Somebody who arrives after being marked as missed is still served, but without a place, which may have been given
    away: they queue with the walk-ins.
    """
    appointment = Appointment.objects.locked(appointment.pk)
    if appointment.status in (Status.ARRIVED, Status.SERVED):
        return appointment
    _expect(appointment, Status.BOOKED, Status.MISSED)
    _expect_today(appointment)
    moment = moment_of(appointment, at, timezone.now())
    if appointment.missed_at:
        appointment.missed_at = appointment.missed_by = None
        appointment.late_at = moment
    appointment.arrived_at = appointment.arrived_at or moment
    appointment.save(update_fields=["arrived_at", "missed_at", "missed_by", "late_at"])
    tickets.issue_for(appointment, moment, by)
    prove(appointment.center.present.pk, appointment.arrived_at)
    return appointment


@transaction.atomic
def serve(*, appointment: Appointment, by: User, at: datetime | None = None) -> Appointment:
    """Mark as served, which implies arrived, and invite the person to rate. Idempotent."""
    appointment = Appointment.objects.locked(appointment.pk)
    if appointment.status == Status.SERVED:
        return appointment
    _expect(appointment, Status.BOOKED, Status.ARRIVED)
    _expect_today(appointment)
    now = timezone.now()
    moment = moment_of(appointment, at, now)
    appointment.arrived_at = appointment.arrived_at or moment
    # Clock skew: another device may have recorded the arrival later than this one recorded the end.
    appointment.served_at, appointment.served_by = max(moment, appointment.arrived_at), by
    appointment.save(update_fields=["arrived_at", "served_at", "served_by"])
    tickets.close(appointment, appointment.served_at, by)
    prove(appointment.center.present.pk, appointment.served_at)
    notifications.cancel(messages.subject_of(appointment), messages.AHEAD)
    notifications.plan(messages.after_serving(appointment, now))
    return appointment


@transaction.atomic
def miss(*, appointment: Appointment, by: User, at: datetime | None = None) -> Appointment:
    """Mark as missed after the grace period and release the places.

    Idempotent. Raises RuleBroken `not_begun` during the grace period, `not_expected` if they arrived or were served,
    `not_open` if nobody could serve them there at the time, and nobody opened on purpose.
    """
    appointment = Appointment.objects.locked(appointment.pk)
    if appointment.status == Status.MISSED:
        return appointment
    _expect(appointment, Status.BOOKED)
    moment = moment_of(appointment, at, timezone.now())
    _expect_grace_is_over(appointment, moment)
    _expect_open(appointment)
    record_no_show(appointment, moment, by)
    return appointment


def record_no_show(appointment: Appointment, moment: datetime, by: User) -> None:
    """Mark as missed and release the places. Call it with the appointment's row locked."""
    appointment.missed_at, appointment.missed_by = moment, by
    appointment.save(update_fields=["missed_at", "missed_by"])
    capacity.release(appointment, timezone.now())
    notifications.cancel(messages.subject_of(appointment), messages.AHEAD)


@transaction.atomic
def undo(*, appointment: Appointment, by: User, seen: str | None = None, at: datetime | None = None) -> Appointment:
    """Undo the last mark of the day: served → arrived → booked, missed → booked.

    `seen` is the status on the user's screen: the mark is undone only if that is still the status, so that a double tap
    does not undo two marks. Raises SlotFull when a missed one's place is occupied by now, RuleBroken `rated` once the
    visit was rated, `walk_in`, `too_late` on another day.
    """
    appointment = Appointment.objects.locked(appointment.pk)
    if seen and appointment.status != seen:
        return appointment
    moment = moment_of(appointment, at, timezone.now())
    if timezone.localdate(appointment.starts_at) != timezone.localdate(moment):
        raise RuleBroken(_("只能撤回当天的标记。过后要改，请联系乡镇。"), code="too_late")
    if appointment.status == Status.MISSED:
        if not _has_no_place(appointment):
            _occupy_again(appointment)
        appointment.missed_at = appointment.missed_by = None
    elif appointment.status == Status.SERVED:
        if appointment.rated_at:
            raise RuleBroken(_("群众已经评价过这次服务，不能再撤回。"), code="rated")
        appointment.served_at = appointment.served_by = None
        notifications.cancel(messages.subject_of(appointment), [messages.RATE])
    elif appointment.status == Status.ARRIVED:
        _undo_arrival(appointment, moment, by)
    appointment.save(update_fields=["arrived_at", "served_at", "served_by", "missed_at", "missed_by", "late_at"])
    if appointment.status == Status.ARRIVED:
        tickets.reopen(appointment)
    else:
        tickets.mark_left(appointment, moment)
    return appointment


def _undo_arrival(appointment: Appointment, moment: datetime, by: User) -> None:
    """Back to the state before arrival: booked, or missed."""
    if appointment.channel == Channel.WALK_IN:
        raise RuleBroken(_("现场取的号没有“还没来”这一步。人走了，请点“不等了”。"), code="walk_in")
    appointment.arrived_at = None
    if appointment.late_at:
        appointment.late_at, appointment.missed_at, appointment.missed_by = None, moment, by


def _has_no_place(appointment: Appointment) -> bool:
    """A walk-in or a late arrival, which occupied no place."""
    return appointment.channel == Channel.WALK_IN or appointment.late_at is not None


def _expect(appointment: Appointment, *expected: Status) -> None:
    if appointment.status not in expected:
        raise not_expected(appointment)


def _expect_today(appointment: Appointment) -> None:
    if timezone.localdate(appointment.starts_at) > timezone.localdate():
        raise RuleBroken(_("这是以后的预约，到那天再记。人已经来了，请先把时间改到今天。"), code="not_today")


def _expect_grace_is_over(appointment: Appointment, moment: datetime) -> None:
    if moment < appointment.starts_at:
        raise RuleBroken(_("还没到约好的时间，先不能记未到。"), code="not_begun")
    over = appointment.starts_at + timedelta(minutes=value("DESK_GRACE_MINUTES", appointment.center_id))
    if moment < over:
        raise RuleBroken(
            _("约的是%(booked)s，再等一等：到%(over)s还没来，才能记未到。位子还给他（她）留着。")
            % {"booked": words.clock(appointment.starts_at), "over": words.clock(over)},
            code="not_begun",
        )


def _expect_open(appointment: Appointment) -> None:
    row = with_displacement(Appointment.objects.filter(pk=appointment.pk)).get()
    if has_reason(row) and not row.is_opened:
        raise RuleBroken(_("约的时间不开门，或者没有人办，没有来不算未到。请取消，再另约一个时间。"), code="not_open")


def _occupy_again(appointment: Appointment) -> None:
    slots = list(
        Slot.objects.filter(
            center=appointment.center, starts_at__gte=appointment.starts_at, starts_at__lt=appointment.ends_at
        ).order_by("starts_at")
    )
    last = appointment.places.order_by("-pk").first()
    pool = last.pool if last else capacity.Pool.ONLINE
    try:
        if with_displacement(Appointment.objects.filter(pk=appointment.pk)).get().is_opened:
            capacity.claim_closed(slots, appointment.party_size, pool)
        else:
            capacity.claim(slots, appointment.party_size, [pool])
    except capacity.SlotFull as full:
        is_closed = any(slot.closed_at for slot in slots)
        why = _("这个时间已经停开") if is_closed else _("这个时间又约满了")
        sentence = _("%(why)s，标记撤不回来。人来了照样办：请给他（她）取个号，按先来后到。") % {"why": why}
        raise capacity.SlotFull(sentence) from full
    capacity.occupy(appointment, slots, pool)
