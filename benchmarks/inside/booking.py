import gzip
import itertools
import re
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from datetime import time as clock

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from appointments.booking import services as booking  # noqa: E402
from appointments.booking.messages import subject_of  # noqa: E402
from appointments.models import Appointment, Channel, ServiceItem, Slot  # noqa: E402
from appointments.slots import making  # noqa: E402
from benchmarks.inside import statements  # noqa: E402
from benchmarks.models import BareBooking  # noqa: E402
from centers.days import keeping  # noqa: E402
from centers.models import Center, Division, OpeningRule, Resident  # noqa: E402
from portal.notifications.models import Message  # noqa: E402
from portal.stack import in_one_chunk  # noqa: E402

ROUNDS, REQUESTS = 7, 60
COUNTY = "990101000000"


def main(database: str, figure: str) -> None:
    if figure == "build":
        with connection.schema_editor() as editor:
            editor.create_model(BareBooking)
        build(first=1, last=20)
        connection.cursor().execute("ANALYZE")
        return
    center = Center.objects.select_related("division").first()
    client = visitor()
    for name, measure in {"S1": reads, "S2": writes, "S3": pages, "S4": wires, "L4": rows}.items():
        if figure in ("", name):
            measure(database, client, center)


def build(first: int, last: int) -> None:
    county, _new = Division.objects.get_or_create(
        code=COUNTY, defaults={"name": "青禾县", "level": 3, "valid_from": date(2020, 1, 1)}
    )
    ServiceItem.objects.get_or_create(
        code="renzheng",
        division=county,
        defaults={
            "category": "security",
            "name": "养老待遇领取资格认证",
            "everyday_name": "养老金认证",
            "statutory_kind": "instant",
            "promised_kind": "instant",
            "handling_mode": "assisted",
            "materials": ["身份证"],
        },
    )
    centers = make_centers(first, last)
    OpeningRule.objects.bulk_create(
        OpeningRule(
            center=center, weekday=day, opens=clock(hour), closes=clock(hour + 4), online_places=40, desk_places=10
        )
        for center in centers
        for day in range(7)
        for hour in (8, 13)
    )
    keeping.roll_on()
    making.make_ahead()


def make_centers(first: int, last: int) -> list[Center]:
    """Fifty a township, without hours."""
    given = {"valid_from": date(2020, 1, 1)}
    for township in range(first // 50, last // 50 + 1):
        code = f"990101{100 + township}000"
        Division.objects.get_or_create(code=code, defaults={"name": f"第{township}镇", "level": 4, **given})
    villages = Division.objects.bulk_create(
        Division(code=f"990101{100 + number // 50}{200 + number % 50}", name=f"第{number}村", level=5, **given)
        for number in range(first, last + 1)
    )
    return Center.objects.bulk_create(
        Center(division=village, name=f"{village.name}党群服务中心", phone="0399-5550101") for village in villages
    )


def interleaved(bare: Callable, ours: Callable, times: int = REQUESTS) -> tuple[float, float, float]:
    """Median seconds of both, measured alternately, and the ratio of their 95th percentiles."""
    bare(), ours()
    each: dict[Callable, list[float]] = {bare: [], ours: []}
    rounds: dict[Callable, list[float]] = {bare: [], ours: []}
    for _round in range(ROUNDS):
        for action in (bare, ours):
            started = time.perf_counter()
            for _request in range(times):
                at = time.perf_counter()
                action()
                each[action].append(time.perf_counter() - at)
            rounds[action].append((time.perf_counter() - started) / times)
    tail = statistics.quantiles(each[ours], n=20)[-1] / statistics.quantiles(each[bare], n=20)[-1]
    return statistics.median(rounds[bare]), statistics.median(rounds[ours]), tail


def visitor() -> Client:
    """A test client with the frame stack of portal.wsgi (portal.stack.in_one_chunk)."""
    client = Client()
    client.request = in_one_chunk(client.request)
    return client


def get(client: Client, address: str) -> Callable:
    def ask() -> None:
        answer = client.get(address, headers={"accept-encoding": "gzip"})
        assert answer.status_code == 200, (address, answer.status_code)

    return ask


def free_times(center: Center) -> str:
    tomorrow = timezone.localdate() + timedelta(days=1)
    return f"/api/v1/centers/{center.code}/slots?item=renzheng&from={tomorrow}"


def reads(database: str, client: Client, center: Center) -> None:
    bare, ours, tail = interleaved(get(client, f"/bare/json/{center.pk}/"), get(client, free_times(center)))
    report("S1 free places, JSON", database, bare / ours, 0.75, f"p95={tail:.2f}x (<=2)")


def pages(database: str, client: Client, center: Center) -> None:
    address = reverse("book_time", args=[center.code, "renzheng"])
    bare, ours, tail = interleaved(get(client, f"/bare/page/{center.pk}/"), get(client, address))
    report("S3 booking page, HTML", database, bare / ours, 0.50, f"p95={tail:.2f}x")


def wires(database: str, client: Client, center: Center) -> None:
    wire("home", database, client, reverse("home"))
    wire("center", database, client, reverse("center", args=[center.code]))
    wire("booking", database, client, reverse("book_time", args=[center.code, "renzheng"]))


def wire(name: str, database: str, client: Client, address: str) -> None:
    """S4: bytes of a page and all its assets, compressed."""
    page = client.get(address, headers={"accept-encoding": "gzip"})
    html = gzip.decompress(page.content).decode() if page.get("Content-Encoding") == "gzip" else page.content.decode()
    linked = set(re.findall(r'<(?:script[^>]+src|link[^>]+href|img[^>]+src)="(/[^"]+)"', html))
    sizes = {"html": len(page.content)}
    for link in linked:
        answer = client.get(link, headers={"accept-encoding": "gzip"})
        body = b"".join(answer) if answer.streaming else answer.content
        sizes[link] = len(body if answer.get("Content-Encoding") else gzip.compress(body))
    script = sum(size for link, size in sizes.items() if ".js" in link)
    total = sum(sizes.values())
    good = total <= 30_000 and len(sizes) <= 5 and script <= 15_000
    print(
        f"S4 {name} page on the wire {database} bytes={total} requests={len(sizes)} script={script}"
        f" target=30000,5,15000 {'ok' if good else 'short'}",
        flush=True,
    )


def booker(client: Client, center: Center) -> Callable[[str], Callable]:
    """S2: API bookings, each by a new person, on slots that do not fill up."""
    after = timezone.now() + timedelta(days=2)
    slots_ahead = itertools.cycle(Slot.objects.filter(center=center, starts_at__gt=after).values_list("pk", flat=True))
    number = itertools.count()

    def post(address: str) -> Callable:
        def ask() -> None:
            person = next(number)
            body = {
                "slot": next(slots_ahead),
                "item": "renzheng",
                "name": "王桂兰",
                "phone": f"137{person:08d}",
            }
            answer = client.post(
                address, body, content_type="application/json", headers={"Idempotency-Key": str(uuid.uuid4())}
            )
            assert answer.status_code == 201, answer.content

        return ask

    return post


def writes(database: str, client: Client, center: Center) -> None:
    post = booker(client, center)
    bare, ours, tail = interleaved(post("/bare/book/"), post("/api/v1/appointments"), times=30)
    report("S2 booking, JSON", database, bare / ours, 0.60, f"p95={tail:.2f}x")
    statements.watch(post("/api/v1/appointments"))
    print(f"S2 a booking {database} statements={statements.number()} message-rows={message_rows()}", flush=True)
    bare, alone, _tail = interleaved(post("/bare/book/"), post("/bare/statements/"), times=30)
    print(f"S2 a booking's statements alone {database} ratio={bare / alone:.2f}", flush=True)


def message_rows() -> int:
    """What the latest booking stores for messages."""
    latest = Appointment.objects.order_by("pk").last()
    return Message.objects.about(subject_of(latest)).count()


def rows(database: str, client: Client, center: Center) -> None:
    """L4: the booking service compared with one raw UPDATE and INSERT, both outside of requests."""
    item = ServiceItem.objects.get(code="renzheng")
    ahead = Slot.objects.filter(center=center, starts_at__gt=timezone.now() + timedelta(days=2))
    slots_ahead = itertools.cycle(ahead.select_related("center__division"))
    people = [Resident(division=center.division, name="王桂兰", phone=f"136{number:08d}") for number in range(300)]
    people = iter(Resident.objects.bulk_create(people))

    def raw() -> None:
        slot, key = next(slots_ahead).pk, str(uuid.uuid4())
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE appointments_slot SET online_taken = online_taken + 1"
                " WHERE id = %s AND online_taken < online_places",
                [slot],
            )
            cursor.execute(
                "INSERT INTO benchmarks_barebooking (slot_id, name, phone, key) VALUES (%s, %s, %s, %s)",
                [slot, "王桂兰", "13800005678", key],
            )

    def ours() -> None:
        booking.book(
            slot=next(slots_ahead), item=item, resident=next(people), channel=Channel.ONLINE, key=str(uuid.uuid4())
        )

    bare, service, _tail = interleaved(raw, ours, times=30)
    print(
        f"L4 booking service beside raw SQL {database} ratio={bare / service:.2f} ({service * 1000:.1f} ms)", flush=True
    )


def report(name: str, database: str, ratio: float, target: float, more: str) -> None:
    verdict = "ok" if ratio >= target else "short"
    print(f"{name} {database} ratio={ratio:.2f} target>={target} {more} {verdict}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
