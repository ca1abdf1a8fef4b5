"""What benchmarks/messages.py runs in a process of its own: plan, then the dispatcher's loop until all is sent."""

import json
import statistics
import sys
import threading
import time
from datetime import timedelta

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from portal.notifications import services  # noqa: E402
from portal.notifications.management.commands.dispatch import Command  # noqa: E402
from portal.notifications.models import Message, State  # noqa: E402

NORMAL = 100
NORMAL_SECONDS = 20


def main(number: int) -> None:
    now = timezone.now()
    # Worst case: all became due within the last minute, and nothing was sent meanwhile.
    plan(number, [now - timedelta(seconds=60 * position / number) for position in range(number)])
    started = time.perf_counter()
    stop = threading.Event()
    dispatcher = threading.Thread(target=Command().serve, args=("messages", stop))
    dispatcher.start()
    wait_for_all()
    seconds = time.perf_counter() - started
    late = normal_load()
    stop.set()
    dispatcher.join()
    print(json.dumps({"seconds": seconds, "late": late}))


def plan(number: int, due: list) -> None:
    offset = Message.objects.count()
    rows = [
        Message(
            subject=f"appointment:{offset + position}",
            person=f"resident:{position}",
            kind="reminder",
            channel="sms",
            due_at=due[position],
            expires_at=due[position] + timedelta(hours=2),
            address=f"139{position:08d}",
            title="预约提醒",
            body="【家门口】王*兰您好,提醒您:明天上午9:00养老认证,地点柳湾村党群服务中心。",
        )
        for position in range(number)
    ]
    services.plan(rows)


def normal_load() -> float:
    """Five messages a second becoming due: the 95th percentile of the delay."""
    now = timezone.now()
    step = NORMAL_SECONDS / NORMAL
    plan(NORMAL, [now + timedelta(seconds=step * position) for position in range(NORMAL)])
    wait_for_all()
    rows = Message.objects.filter(due_at__gte=now).values_list("due_at", "sent_at")
    return statistics.quantiles([(sent - due).total_seconds() for due, sent in rows], n=20)[-1]


def wait_for_all() -> None:
    while Message.objects.exclude(state=State.SENT).exists():
        time.sleep(0.1 if connection.vendor == "postgresql" else 0.2)


if __name__ == "__main__":
    main(int(sys.argv[1]))
