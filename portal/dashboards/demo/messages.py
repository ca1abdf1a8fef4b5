"""Messages of the demo's bookings and cases: past ones are sent, later ones pending."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from appointments.booking import messages
from appointments.booking.models import Appointment
from appointments.cases import messages as case_messages
from appointments.cases.models import Case
from portal.notifications.models import Message, State
from portal.notifications.new_message import NewMessage

KEPT_DAYS = 14  # older ones would only take space


def about_bookings(rng: Random, appointments: Iterable[Appointment], now: datetime) -> list[Message]:
    """The messages that the services would have planned. Appointments must have primary keys."""
    since = now - timedelta(days=KEPT_DAYS)
    return [message for one in appointments if one.starts_at > since for message in _of(rng, one, now)]


def about_case(case: Case, now: datetime) -> list[Message]:
    """Recent messages about a case, all sent."""
    if case.opened_at < now - timedelta(days=KEPT_DAYS):
        return []
    said = _rows(case_messages.opened(case, case.opened_at))
    if case.closed_at:
        said += _rows(case_messages.finished(case, case.closed_at))
    for message in said:
        message.created_at = message.due_at
        if message.state == State.PENDING:
            message.state, message.attempts, message.sent_at = State.SENT, 1, message.due_at
    return said


def _of(rng: Random, appointment: Appointment, now: datetime) -> list[Message]:
    planned = _rows(messages.after_booking(appointment, appointment.booked_at))
    ended_at = appointment.cancelled_at or appointment.served_at or appointment.missed_at
    for message in planned:
        if message.kind == messages.REMINDER and ended_at and message.due_at >= ended_at:
            message.state = State.WITHDRAWN
    if appointment.cancelled_at:
        planned += _rows(messages.after_cancelling(appointment, appointment.cancelled_at))
    if appointment.served_at:
        planned += _rows(messages.after_serving(appointment, appointment.served_at))
    for message in planned:
        message.created_at = min(message.due_at, now)
        if message.state == State.PENDING and message.due_at <= now:
            _send(rng, message, now)
    return planned


def _rows(planned: Iterable[NewMessage]) -> list[Message]:
    return [Message(**message._asdict(), state=message.state) for message in planned]


def _send(rng: Random, message: Message, now: datetime) -> None:
    if rng.random() < 0.006:
        message.state, message.attempts, message.last_error = State.FAILED, 8, "ConnectionError: 号码停机"
        return
    message.state, message.attempts = State.SENT, 1
    message.sent_at = min(message.due_at + timedelta(seconds=rng.randint(1, 25)), now)
