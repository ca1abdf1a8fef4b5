"""S11 in process: one cadre's day of 200 people, half of them booked, half walked in, in every state."""

import sys
from datetime import timedelta

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from appointments.models import Appointment, ServiceItem, Ticket  # noqa: E402
from benchmarks.inside.booking import build as build_centers  # noqa: E402
from benchmarks.inside.booking import get, interleaved  # noqa: E402
from centers.models import Center, Membership, Resident  # noqa: E402
from portal.accounts.models import User  # noqa: E402
from portal.accounts.roles import Role  # noqa: E402

ROWS, TARGET = 200, 2.0
TIMES = 15


def main(database: str, task: str) -> None:
    if task == "build":
        build_centers(first=1, last=1)
        build(Center.objects.select_related("division").get())
        connection.cursor().execute("ANALYZE")
        return
    center = Center.objects.select_related("division").get()
    client = Client(headers={"hx-request": "true"})
    client.force_login(User.objects.get(username="cadre"))
    refresh(database, client, center)
    poll(database, client, center)


def build(center: Center) -> None:
    cadre = User.objects.create_user("cadre", name="刘晓敏")
    Membership.objects.create(user=cadre, division=center.division, role=Role.PROXY_AGENT)
    item = ServiceItem.objects.get(code="renzheng")
    now = timezone.now()
    morning = timezone.localtime(now).replace(hour=8, minute=30, second=0, microsecond=0)
    people = Resident.objects.bulk_create(
        Resident(division=center.division, name="王桂兰", phone=f"137{number:08d}") for number in range(ROWS // 2)
    )
    booked = Appointment.objects.bulk_create(
        Appointment(
            center=center,
            item=item,
            resident=person,
            phone=person.phone,
            code=str(100_000 + number),
            key=f"key-{number}",
            channel="phone",
            booked_by=cadre,
            starts_at=morning + timedelta(minutes=5 * number),
            ends_at=morning + timedelta(minutes=5 * number + 30),
            arrived_at=morning if number % 4 else None,
            served_at=morning if number % 4 == 1 else None,
            served_by=cadre if number % 4 == 1 else None,
        )
        for number, person in enumerate(people)
    )
    arrived = [one for one in booked if one.arrived_at]
    holders = [*arrived, *[None] * (ROWS - len(people))]
    Ticket.objects.bulk_create(
        Ticket(
            center=center,
            day=timezone.localdate(now),
            number=number + 1,
            key=f"ticket-{number}",
            appointment=holder,
            item=item,
            taken_at=morning + timedelta(minutes=2 * number),
            waits_from=morning + timedelta(minutes=2 * number),
            done_at=morning if (holder.served_at if holder else number % 2) else None,
            done_by=cadre if (holder.served_at if holder else number % 2) else None,
        )
        for number, holder in enumerate(holders)
    )


def refresh(database: str, client: Client, center: Center) -> None:
    ours = get(client, f"/desk/?center={center.code}")
    bare, board, tail = interleaved(get(client, f"/bare/desk/{center.pk}/"), ours, times=TIMES)
    verdict = "ok" if board / bare <= TARGET else "short"
    print(
        f"S11 workbench refresh, {ROWS} rows {database} ratio={board / bare:.2f} target<={TARGET:g} p95={tail:.2f}x"
        f" ({board * 1000:.0f} ms beside {bare * 1000:.0f} ms) {verdict}",
        flush=True,
    )


def poll(database: str, client: Client, center: Center) -> None:
    """The poll of each open workbench, every twenty seconds."""

    def ask() -> None:
        assert client.get(f"/desk/news/?center={center.code}").status_code == 200

    bare, news, _tail = interleaved(get(client, f"/bare/desk/{center.pk}/"), ask, times=TIMES)
    print(f"S11 asking for news {database} ratio={news / bare:.2f} ({news * 1000:.1f} ms)", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
