"""A year of changes of the list of divisions, through which every address of every center goes on answering."""

import random
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.booking import services as booking
from appointments.booking.displaced import displaced
from appointments.models import Appointment
from centers.invariants import invariants
from centers.models import Center, Division, FormerCode, Membership, Resident
from tests import factories
from tests.api.conftest import ROOT
from tests.centers.succession.lists import FIRST_DAY, NEW_YEAR, VILLAGES, List
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


class World:
    """A center at each village, and every address that one of them ever had."""

    def __init__(self) -> None:
        self.list = List()
        self.list.bring_in(FIRST_DAY)
        self.centers, self.had = {}, {}  # the center that had a code last, by code
        for code in VILLAGES:
            village = Division.objects.get(code=code)
            center = factories.CenterFactory(division=village)
            factories.MembershipFactory(division=village)
            factories.ResidentFactory(division=village)
            self.centers[village.short_name] = center.pk
            self.had[code] = center.pk

    def becomes(self, after: List, on: date, successors: list | None = None) -> None:
        self.list = after
        after.bring_in(on, successors=successors, is_confirmed=True, allow_closing=True)
        for center in Center.objects.standing().select_related("division"):
            self.had[center.code] = center.pk

    def of(self, name: str) -> Center:
        return Center.objects.select_related("division", "leads_to").get(pk=self.centers[name])

    def check(self, client) -> None:
        """Each address leads to the center that had it last, unless the code is another village's now."""
        in_force = set(Division.objects.current().values_list("code", flat=True))
        for code, pk in self.had.items():
            center = Center.objects.select_related("leads_to__division", "division").get(pk=pk).present
            if code in in_force and center.code != code:
                continue
            page = client.get(reverse("center", args=[code]), follow=True)
            api = client.get(f"{ROOT}centers/{code}")
            assert (page.status_code, page.request["PATH_INFO"]) == (200, reverse("center", args=[center.code]))
            assert (api.status_code, api.json()["code"]) == (200, center.code)
        assert Membership.objects.count() == Resident.objects.count() == len(VILLAGES)
        assert not Membership.objects.filter(division__valid_to__isnull=False).exists()
        assert not Resident.objects.filter(division__valid_to__isnull=False).exists()
        assert [said for said, rows in invariants(timezone.now()) if rows.exists()] == []


@pytest.fixture
def world(db):
    return World()


def test_a_year_of_changes(client, world):
    """A village gets another name, another code; its code goes to another; a township, a merger, a split."""
    taolin = world.of("桃林村")

    # Another name under the same code.
    world.becomes(world.list.plus(_990101100203="幸福村委会"), date(2026, 3, 1))
    world.check(client)

    # A village becomes a community, under another code.
    world.becomes(world.list.without("990101100201").plus(_990101100231="柳湾社区居委会"), date(2026, 4, 1))
    assert world.of("柳湾村").code == "990101100231"
    world.check(client)

    # Its code is given to a village that is new.
    world.becomes(world.list.plus(_990101100201="杏花村委会"), date(2026, 5, 1))
    assert client.get(reverse("center", args=["990101100201"])).status_code == 404
    new = factories.CenterFactory(division=Division.objects.current().get(code="990101100201"))
    world.had[new.code] = new.pk
    world.check(client)

    # The township gets another code, and with it every village.
    moved = {code.replace("990101100", "990101110"): name for code, name in world.list.items()}
    world.becomes(List(moved), date(2026, 6, 1))
    assert world.of("柳湾村").code == "990101110231"
    world.check(client)

    # Two villages become one, which has a new code; the first goes on.
    merged = world.list.without("990101110206", "990101110207").plus(_990101110240="油坊社区居委会")
    one = [("990101110206", "990101110240"), ("990101110207", "990101110240")]
    world.becomes(merged, date(2026, 7, 1), one)
    assert (world.of("前油坊村").code, world.of("后油坊村").leads_to) == ("990101110240", world.of("前油坊村"))
    world.check(client)

    # A village goes into one that stands.
    world.becomes(world.list.without("990101110205"), date(2026, 8, 1), [("990101110205", "990101110202")])
    assert world.of("双河村").leads_to == taolin
    world.check(client)

    # A village becomes two.
    split = world.list.without("990101110204").plus(_990101110251="三七东村委会", _990101110252="三七西村委会")
    world.becomes(split, date(2026, 9, 1), [("990101110204", "990101110252"), ("990101110204", "990101110251")])
    assert world.of("三七村").code == "990101110252"
    world.check(client)

    # Two exchange their codes.
    a, b = "990101001001", "990101001002"
    world.becomes(world.list.plus(_990101001001="南龙社区居委会", _990101001002="尉署社区居委会"), date(2026, 10, 1))
    assert (world.of("尉署社区").code, world.of("南龙社区").code) == (b, a)
    world.check(client)

    # What was merged goes along when the other gets another code.
    world.becomes(world.list.without("990101110202").plus(_990101110232="桃林社区居委会"), date(2026, 11, 1))
    assert world.of("双河村").division.code == "990101110232"
    world.check(client)


# On PostgreSQL three: the services are the same, and each of their queries runs in these.
@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.once) for seed in range(3, 8))])
def test_whatever_happens_every_address_answers(client, world, seed):
    chance, on = random.Random(seed), FIRST_DAY
    for step in range(8):
        on += timedelta(days=30)
        villages = sorted(code for code in world.list if not code.endswith("000"))
        fresh = f"9901011005{step:02d}"
        one, other = chance.sample(villages, 2)
        what = chance.choice(
            ["rename", "recode", "merge", "merge into new", "split", "swap", "reuse", "recode as well"]
        )
        after, pairs = world.list, None
        if what == "rename":
            after = after.plus(**{f"_{one}": f"新{step}村委会"})
        elif what in ("recode", "recode as well"):
            after = after.without(one).plus(**{f"_{fresh}": world.list[one]})
        elif what == "merge":
            after, pairs = after.without(one), [(one, other)]
        elif what == "merge into new":
            after = after.without(one, other).plus(**{f"_{fresh}": f"合{step}社区居委会"})
            pairs = [(one, fresh), (other, fresh)]
        elif what == "split":
            after = after.without(one).plus(
                **{f"_{fresh}": f"东{step}村委会", f"_9901011006{step:02d}": f"西{step}村委会"}
            )
            pairs = [(one, fresh), (one, f"9901011006{step:02d}")]
        elif what == "swap":
            after = after.plus(**{f"_{one}": world.list[other], f"_{other}": world.list[one]})
            pairs = [(one, other), (other, one)]
        else:
            after = after.plus(**{f"_{one}": f"新来{step}村委会", f"_{fresh}": world.list[one]})
        world.becomes(after, on, pairs)
        world.check(client)


def test_of_a_merger_the_bookings_of_the_other_are_to_be_settled(client, signed_in, world):
    stays, goes = world.of("前油坊村"), world.of("后油坊村")
    for center in (stays, goes):
        factories.open_on(center, *range(7))
    item = factories.ServiceItemFactory(code="yanglao-renzheng")
    booked = book(goes, item)
    manager = factories.MembershipFactory(division=stays.division, role="manager")

    after = world.list.without("990101100207")
    after.bring_in(NEW_YEAR, successors=[("990101100207", "990101100206")])

    assert list(displaced()) == [booked]
    desk = signed_in(manager.user)
    page = desk.get(reverse("desk_settle"), {"center": stays.code}).content.decode()
    assert reverse("desk_move", args=[booked.pk]) in page
    assert "990101100207" not in page


def test_a_booking_is_moved_to_the_center_into_which_its_own_was_merged(client, signed_in, world):
    stays, goes = world.of("前油坊村"), world.of("后油坊村")
    for center in (stays, goes):
        factories.open_on(center, *range(7))
    item = factories.ServiceItemFactory(code="yanglao-renzheng")
    booked = book(goes, item)
    book(stays, item, hour=10)
    Appointment.objects.update(code="123456")
    manager = factories.MembershipFactory(division=stays.division, role="manager")
    world.list.without("990101100207").bring_in(NEW_YEAR, successors=[("990101100207", "990101100206")])

    slot = stays.slots.get(starts_at=at(3, 11))
    desk = signed_in(manager.user)
    desk.post(reverse("desk_move", args=[booked.pk]), {"slot": slot.pk})

    booked.refresh_from_db()
    assert (booked.center, booked.starts_at) == (stays, slot.starts_at)
    assert booked.code != "123456"
    assert not displaced().exists()


def book(center: Center, item, hour: int = 9) -> Appointment:
    resident = factories.ResidentFactory(division=center.division)
    slot = center.slots.get(starts_at=at(3, hour))
    return booking.book(slot=slot, item=item, resident=lambda: resident, channel="desk", key=f"{slot.pk}", by=None)


def test_a_code_is_listed_once_for_a_center_that_had_it_twice(world):
    there = world.list.without("990101100201").plus(_990101100231="柳湾村委会")
    for list_of_a_year, on in ((there, date(2026, 3, 1)), (world.list, date(2026, 4, 1)), (there, date(2026, 5, 1))):
        list_of_a_year.bring_in(on, is_confirmed=True)

    codes = FormerCode.objects.filter(center=world.of("柳湾村")).values_list("code", flat=True)
    assert sorted(codes) == ["990101100201", "990101100231"]
