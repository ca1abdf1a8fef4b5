"""Messages of the demo's bookings and cases: all sent; reminders of later visits are planned at their hour."""

from collections.abc import Iterable
from copy import copy
from datetime import datetime, timedelta
from random import Random

from django.db.models import Model

from appointments.booking import messages, reminders
from appointments.booking.displaced import known_open
from appointments.booking.models import Appointment
from appointments.booking.subjects import SUBJECT
from appointments.cases import messages as case_messages
from appointments.cases.models import Case
from appointments.cases.subjects import SUBJECT as CASE
from centers.rules.reading import value
from portal.notifications import subjects
from portal.notifications.models import Channel, Message, State
from portal.notifications.new_message import NewMessage
from portal.notifications.services import wording
from portal.notifications.subjects import Subject

KEPT_DAYS = 14  # older ones would only take space


def about_bookings(rng: Random, appointments: Iterable[Appointment], now: datetime) -> list[Message]:
    """The messages that the services would have planned. Appointments must have primary keys."""
    since = now - timedelta(days=KEPT_DAYS)
    recent = [known_open(one) for one in appointments if one.starts_at > since]
    return [message for one in recent for message in _of(rng, one, now)]


def about_case(case: Case, now: datetime) -> list[Message]:
    """Recent messages about a case, all sent."""
    if case.opened_at < now - timedelta(days=KEPT_DAYS):
        return []
    before = copy(case)  # as it was opened
    before.closed_at = None
    told = sent(case_messages.opened(case, case.opened_at), CASE, before, case.opened_at)
    if case.closed_at:
        _out_of_the_inbox(told)
        told += sent(case_messages.finished(case, case.closed_at), CASE, case, case.closed_at)
    for message in told:
        if message.state == State.PENDING:
            message.state, message.attempts, message.sent_at = State.SENT, 1, message.due_at
    return told


def tell_displaced(now: datetime) -> None:
    """Send what was planned for people whose time is closed by the duty of these weeks."""
    planned = list(Message.objects.filter(state=State.PENDING, kind=messages.CLOSED))
    about = subjects.rows_of(planned)
    for message in planned:
        message.title, message.body = wording.words_of(message, about, now) or ("", "")
        message.state, message.attempts, message.sent_at = State.SENT, 1, now
    Message.objects.bulk_update(planned, ["title", "body", "state", "attempts", "sent_at"])


def sent(planned: Iterable[NewMessage], subject: Subject, row: Model, at: datetime) -> list[Message]:
    """Rows with the words of their hour. What does not hold then was never sent."""
    found = []
    for new in planned:
        values = new._asdict()
        del values["by_call"]
        message = Message(**values, state=new.state or State.WITHDRAWN, created_at=new.due_at)
        words = wording.words_of(message, {message.subject: (subject, row)}, at)
        if words and message.state != State.WITHDRAWN:
            if message.channel != Channel.INBOX:
                message.title, message.body = words
            found.append(message)
    return found


def _of(rng: Random, appointment: Appointment, now: datetime) -> list[Message]:
    """As the services would have: the state of the booking decides which of them still stand."""
    ended_at = appointment.cancelled_at or appointment.served_at or appointment.missed_at
    before = copy(appointment)  # as it was before that
    before.cancelled_at = before.served_at = before.missed_at = before.arrived_at = None
    told = sent(messages.after_booking(before, before.booked_at), SUBJECT, before, before.booked_at)
    for hour in reminders.hours_of(before.starts_at, value("REMINDERS", before.center_id)):
        if before.booked_at < hour.due <= min(now, ended_at or now):
            known = {(message.kind, message.channel, message.number) for message in told}
            planned = messages.reminder(before, hour.number, hour.due)
            new = [one for one in planned if (one.kind, one.channel, one.number) not in known]
            told += sent(new, SUBJECT, before, hour.due)
    if ended_at:
        _out_of_the_inbox(told)
    if appointment.cancelled_at:
        at = appointment.cancelled_at
        told += sent(messages.after_cancelling(appointment, at), SUBJECT, appointment, at)
    if appointment.served_at:
        at = appointment.served_at
        told += sent(messages.after_serving(appointment, at), SUBJECT, appointment, at)
    for message in told:
        if message.state == State.PENDING:
            _send(rng, message, now)
    return told


def _out_of_the_inbox(told: list[Message]) -> None:
    """Something later says what holds."""
    for message in told:
        if message.channel == Channel.INBOX:
            message.state = State.WITHDRAWN


def _send(rng: Random, message: Message, now: datetime) -> None:
    if rng.random() < 0.006:
        message.state, message.attempts, message.last_error = State.FAILED, 8, "ConnectionError: 号码停机"
        return
    message.state, message.attempts = State.SENT, 1
    message.sent_at = min(message.due_at + timedelta(seconds=rng.randint(1, 25)), now)
