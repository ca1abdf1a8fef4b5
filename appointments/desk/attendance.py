"""What happens to an appointment at the desk: arrived, served, missed, and taking a mark back.

Each takes `at`, the moment of a mark that was made while the line was down; it is now when not given.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.booking import messages
from appointments.booking.confirmation import not_expected
from appointments.booking.models import Appointment, Channel, Status
from appointments.slots import capacity
from appointments.slots.models import Slot
from appointments.tickets import services as tickets
from portal.accounts.models import User
from portal.notifications import services as notifications
from portal.ui import words
from portal.ui.errors import RuleBroken

# Our defaults: how far two clocks may be apart, and how long a mark made without a line may take to arrive.
SKEW = timedelta(minutes=2)
LATEST = timedelta(days=7)


def moment_of(appointment: Appointment, at: datetime | None, now: datetime) -> datetime:
    """The moment that a mark is given: `at` where it can be true of this appointment, `now` without one.

    Raises RuleBroken `clock` for the future, `too_old`, `other_day` and `not_yet_booked`.
    """
    if at is None:
        return now
    if at > now + SKEW:
        raise RuleBroken(_("记下的时间比现在还晚，这台电脑的钟可能不准。没有记上，请在工作台上补记。"), code="clock")
    if at < now - LATEST:
        raise RuleBroken(_("这是七天以前记下的，太久了，没有记上。要改请联系乡镇。"), code="too_old")
    if timezone.localdate(at) != timezone.localdate(appointment.starts_at):
        raise RuleBroken(_("这不是记下那一天的预约，没有记上。请在工作台上核对。"), code="other_day")
    if at < appointment.booked_at - SKEW:
        raise RuleBroken(_("记下的时候这个预约还没有约，没有记上。请在工作台上核对。"), code="not_yet_booked")
    return max(min(at, now), appointment.booked_at)


@transaction.atomic
def arrive(*, appointment: Appointment, by: User, at: datetime | None = None) -> Appointment:
    """Mark as arrived and give a number; twice is once. Raises RuleBroken `not_expected` for a cancelled one.

    Whoever comes after they were marked as missed is served all the same, without a place: it may have
    gone to somebody else, so they wait among those who walked in.
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
    tickets.give(appointment, moment, by)
    return appointment


@transaction.atomic
def serve(*, appointment: Appointment, by: User, at: datetime | None = None) -> Appointment:
    """Mark as served and invite the person to rate; twice is once. Arrival is implied."""
    appointment = Appointment.objects.locked(appointment.pk)
    if appointment.status == Status.SERVED:
        return appointment
    _expect(appointment, Status.BOOKED, Status.ARRIVED)
    _expect_today(appointment)
    now = timezone.now()
    moment = moment_of(appointment, at, now)
    appointment.arrived_at = appointment.arrived_at or moment
    # Somebody else's clock may have seen them arrive a little later than this one saw them leave.
    appointment.served_at, appointment.served_by = max(moment, appointment.arrived_at), by
    appointment.save(update_fields=["arrived_at", "served_at", "served_by"])
    tickets.close(appointment, appointment.served_at, by)
    notifications.cancel(messages.subject_of(appointment), messages.PLANNED_AHEAD)
    notifications.plan(messages.after_serving(appointment, now))
    return appointment


@transaction.atomic
def miss(*, appointment: Appointment, by: User, at: datetime | None = None) -> Appointment:
    """Mark as missed, once the time of grace is over, and give its places back so that others can come.

    Raises RuleBroken `not_begun` before that, `not_expected` for whoever is there or was served.
    """
    appointment = Appointment.objects.locked(appointment.pk)
    if appointment.status == Status.MISSED:
        return appointment
    _expect(appointment, Status.BOOKED)
    moment = moment_of(appointment, at, timezone.now())
    _expect_grace_is_over(appointment, moment)
    give_up(appointment, moment, by)
    return appointment


def give_up(appointment: Appointment, moment: datetime, by: User) -> None:
    """They did not come, or not when they were called. Call it with the row locked."""
    appointment.missed_at, appointment.missed_by = moment, by
    appointment.save(update_fields=["missed_at", "missed_by"])
    capacity.release(appointment, timezone.now())
    notifications.cancel(messages.subject_of(appointment), messages.PLANNED_AHEAD)


@transaction.atomic
def undo(*, appointment: Appointment, by: User, seen: str | None = None, at: datetime | None = None) -> Appointment:
    """Take back the last mark of the day: served → arrived → booked, missed → booked.

    With `seen`, the status that was on the screen, only that one is taken back, so that a second
    tap does not take back one more. Raises SlotFull when a missed one's place has been given to
    somebody else since, RuleBroken `rated` once the visit was rated, `too_late` on another day.
    """
    appointment = Appointment.objects.locked(appointment.pk)
    if seen and appointment.status != seen:
        return appointment
    moment = moment_of(appointment, at, timezone.now())
    if timezone.localdate(appointment.starts_at) != timezone.localdate(moment):
        raise RuleBroken(_("只能撤回当天的标记。过后要改，请联系乡镇。"), code="too_late")
    if appointment.status == Status.MISSED:
        if not _holds_none(appointment):
            _hold_again(appointment)
        appointment.missed_at = appointment.missed_by = None
    elif appointment.status == Status.SERVED:
        if appointment.rated_at:
            raise RuleBroken(_("群众已经评价过这次服务，不能再撤回。"), code="rated")
        appointment.served_at = appointment.served_by = None
        notifications.cancel(messages.subject_of(appointment), [messages.RATE])
    elif appointment.status == Status.ARRIVED:
        _not_here(appointment, moment, by)
    appointment.save(update_fields=["arrived_at", "served_at", "served_by", "missed_at", "missed_by", "late_at"])
    if appointment.status == Status.ARRIVED:
        tickets.reopen(appointment)
    else:
        tickets.leave(appointment, moment)
    return appointment


def _not_here(appointment: Appointment, moment: datetime, by: User) -> None:
    """Back to what they were before they arrived: expected, or missed."""
    if appointment.channel == Channel.WALK_IN:
        raise RuleBroken(_("现场取的号没有“还没来”这一步。人走了，请点“不等了”。"), code="walk_in")
    appointment.arrived_at = None
    if appointment.late_at:
        appointment.late_at, appointment.missed_at, appointment.missed_by = None, moment, by


def _holds_none(appointment: Appointment) -> bool:
    """A walk-in, or somebody who came late: there was no place to give back."""
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
    over = appointment.starts_at + timedelta(minutes=settings.DESK_GRACE_MINUTES)
    if moment < over:
        raise RuleBroken(
            _("约的是%(booked)s，再等一等：到%(over)s还没来，才能记未到。位子还给他（她）留着。")
            % {"booked": words.clock(appointment.starts_at), "over": words.clock(over)},
            code="not_begun",
        )


def _hold_again(appointment: Appointment) -> None:
    slots = list(
        Slot.objects.filter(
            center=appointment.center, starts_at__gte=appointment.starts_at, starts_at__lt=appointment.ends_at
        ).order_by("starts_at")
    )
    last = appointment.places.order_by("-pk").first()
    pools = [last.pool] if last else [capacity.Pool.ONLINE]
    try:
        pool = capacity.claim(slots, appointment.party_size, pools)
    except capacity.SlotFull as full:
        sentence = _("这个时间又约满了，标记撤不回来。人来了照样办：请给他（她）取个号，按先来后到。")
        raise capacity.SlotFull(sentence) from full
    capacity.hold(appointment, slots, pool)
