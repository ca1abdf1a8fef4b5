"""Half an hour offline on the last past day: the offline marks, and the conflicts left to resolve."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from appointments.booking.models import Appointment
from appointments.desk.offline.models import OfflineMark
from centers.models import Center
from portal.accounts.models import User
from portal.ui import words


def half_hour(
    rng: Random, center: Center, staff: list[User], appointments: Iterable[Appointment], now: datetime
) -> list[OfflineMark]:
    """Two applied marks, a conflict with a colleague's mark, and a walk-in that is not entered yet."""
    over = [
        one for one in appointments if one.served_at and timezone.localdate(one.starts_at) < timezone.localdate(now)
    ]
    last = max((timezone.localdate(one.starts_at) for one in over), default=None)
    served = sorted((one for one in over if timezone.localdate(one.starts_at) == last), key=lambda one: one.served_at)
    if len(served) < 3:
        return []
    ended = served[2].served_at + timedelta(minutes=10)
    mine, theirs = words.clock(served[2].starts_at + timedelta(minutes=5)), words.clock(served[2].served_at)
    both = (
        f"您{mine}记了“未到”，{served[2].served_by}{theirs}已经记了“已办”，以“已办”为准，没有改动。"
        "记错了的，请在工作台上撤回再记。"
    )
    rows: list[dict] = [
        *({"appointment": one, "kind": "serve", "seen": "arrived", "made_at": one.served_at} for one in served[:2]),
        {
            "appointment": served[2],
            "kind": "miss",
            "seen": "booked",
            "outcome": "conflict",
            "note": both,
            "made_at": served[2].starts_at + timedelta(minutes=5),
        },
        {"kind": "note", "name": "钱来顺", "matter": "给孙子开入学证明", "made_at": ended - timedelta(minutes=4)},
    ]
    return [
        OfflineMark(
            center=center,
            key=uuid.UUID(int=rng.getrandbits(128)),
            by=staff[0],
            received_at=ended,
            **{"outcome": "applied", **row},
        )
        for row in rows
    ]
