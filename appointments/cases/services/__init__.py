"""Handling a case from opening to hand-over, called as `cases.open_case(...)`, `cases.forward(...)`.

Each step is one transaction and is logged with its user. Optimistic locking: `seen` is the pk of the open stage on the
user's screen, and the step raises Changed when another stage is open by now.
"""

from appointments.cases.services.closing import can_be_reopened, finish, hand_over, reopen, withdraw
from appointments.cases.services.opening import open_case
from appointments.cases.services.owners import handlers_at, take_over, transfer
from appointments.cases.services.papers import accept, tell_missing, tick
from appointments.cases.services.pausing import pause, resume
from appointments.cases.services.routing import (
    acknowledge,
    forward,
    return_from_department,
    return_to_village,
    send_to_department,
)
from appointments.cases.services.settling import deem_accepted, settle, settle_dates

__all__ = [
    "accept",
    "acknowledge",
    "can_be_reopened",
    "deem_accepted",
    "finish",
    "forward",
    "hand_over",
    "handlers_at",
    "open_case",
    "pause",
    "reopen",
    "resume",
    "return_from_department",
    "return_to_village",
    "send_to_department",
    "settle",
    "settle_dates",
    "take_over",
    "tell_missing",
    "tick",
    "transfer",
    "withdraw",
]
