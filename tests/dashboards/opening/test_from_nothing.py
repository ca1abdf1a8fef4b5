"""From an empty database to an anonymous booking, by the command `init`, pages and files only."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from appointments.booking.models import Appointment
from centers.models import Center, DefaultHours, Division
from portal.accounts.models import User

VILLAGES = ["990101100201,柳湾村村民委员会", "990101100202,杏坡村村民委员会", "990101100001,桥东社区居民委员会"]
LIST = "\n".join(
    ["code,name", "990000000000,演示省", "990100000000,演示市", "990101000000,青禾县", "990101100000,柳溪镇", *VILLAGES]
)
PASSWORD = "葵花-桥头-3491-晚风"


@pytest.fixture
def init(tmp_path, monkeypatch):
    """`init(*options)`: the command as a script runs it, with the password on standard input; what it says."""
    (tmp_path / "divisions.csv").write_text(LIST, encoding="utf-8")

    def run(*options: str, password: str = PASSWORD) -> str:
        said = StringIO()
        monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))
        call_command("init", "--no-input", *options, stdout=said)
        return said.getvalue()

    run.first = ("--divisions", str(tmp_path / "divisions.csv"), "--username", "chief", "--name", "陈明")
    return run


def ready(init) -> Client:
    """A browser in which the first administrator has signed in, with a second factor."""
    init(*init.first, "--password-stdin")
    client = Client()
    client.post("/accounts/login/", {"login": "chief", "password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    counter = next(iter(yield_hotp_counters_from_time()))
    client.post("/accounts/2fa/totp/activate/", {"code": format_hotp_value(hotp_value(secret, counter))})
    return client


@pytest.mark.django_db(transaction=True)
def test_three_villages_are_opened_by_pages_and_files_until_somebody_books(init, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    chief = ready(init)
    assert chief.get("/manage/opening/").context["number"] == 3

    ticks = [tick.data["value"] for _township, found in form_of(chief) for tick in found]
    chief.post("/manage/opening/centers/", {"village": [str(one) for one in ticks], "agreed": "1"})
    said = chief.get("/manage/opening/").context
    assert [(step.code, done) for step, done, _lacking in said["counts"]] == [
        ("center", 3),
        ("hours", 3),
        ("people", 0),
        ("roster", 0),
        ("items", 3),
        ("booking", 0),
    ]

    for center in Center.objects.all():
        book(Client(), center)
    assert Appointment.objects.count() == 3
    assert chief.get("/manage/opening/").context["counts"][-1][1] == 3


def form_of(client: Client) -> list:
    return client.get("/manage/opening/centers/").context["groups"]


def book(anybody: Client, center: Center) -> None:
    """As a villager does, by following what each page offers."""
    page = anybody.get(f"/centers/{center.code}/book/").content.decode()
    item = re.search(rf'href="(/centers/{center.code}/book/[\w-]+/)"', page)[1]
    when = anybody.get(item).content.decode()
    slot = re.search(rf'href="({item}\d+/)[^"]*"', when)
    if slot is None:  # nothing left today: the days of the next week are links
        days = [timezone.localdate() + timedelta(days=ahead) for ahead in range(1, 8)]
        pages = (anybody.get(item, {"day": day.isoformat()}).content.decode() for day in days)
        slot = next(found for page in pages if (found := re.search(rf'href="({item}\d+/)[^"]*"', page)))
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', anybody.get(slot[1]).content.decode())
    anybody.post(slot[1], {**dict(hidden), "name": "王桂兰", "phone": "13800005678", "party_size": "1"})


@pytest.mark.django_db
def test_a_second_run_changes_nothing_and_says_so(init):
    init(*init.first, "--password-stdin")
    before = Division.objects.count(), User.objects.count(), DefaultHours.objects.get().changed_at

    said = init()

    assert (Division.objects.count(), User.objects.count(), DefaultHours.objects.get().changed_at) == before
    assert said.count("没有动") == 5


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["", "short", "1234567890", "Woaini@1314"])
def test_a_password_that_the_product_refuses_makes_no_administrator(init, password):
    with pytest.raises(CommandError):
        init(*init.first, "--password-stdin", password=password)

    assert not User.objects.exists()


@pytest.mark.django_db
def test_an_account_of_somebody_else_is_not_made_administrator(init):
    User.objects.create_user("chief", PASSWORD)

    with pytest.raises(CommandError, match="别人的"):
        init(*init.first, "--password-stdin")


@pytest.mark.django_db
def test_without_a_list_it_says_what_to_give(init):
    with pytest.raises(CommandError, match="--divisions"):
        init("--username", "chief", "--name", "陈明", "--password-stdin")


@pytest.mark.django_db
def test_the_first_administrator_must_set_up_a_second_factor(init, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    init(*init.first, "--password-stdin")
    client = Client()
    client.post("/accounts/login/", {"login": "chief", "password": PASSWORD})

    assert client.get("/oversight/").url.startswith("/accounts/2fa/")
