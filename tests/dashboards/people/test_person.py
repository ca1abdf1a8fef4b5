"""One person on one page: all that the desk has about them, and no more than it may see."""

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from centers.models import FamilyLink
from tests import factories
from tests.appointments.cases.carrying import open_case
from tests.appointments.steps import book
from tests.appointments.villager import queries_of
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(resident):
    return reverse("desk_person", args=[resident.pk])


def test_it_holds_what_they_have(signed_in, cadre, center, item, slot, resident, villager, son, address):
    ahead = book(slot, item, resident)
    over = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(-3, 9), served=True)
    full = factories.SlotFactory(center=center, starts_at=at(5, 9), online_taken=2)
    waits = factories.WaitingEntryFactory(slot=full, item=item, resident=resident)
    case = open_case(center, item, resident, cadre, there=[])

    page = signed_in(cadre).get(address).content.decode()

    for name, row in (("desk_appointment", ahead), ("desk_appointment", over), ("desk_case", case)):
        assert reverse(name, args=[row.pk]) in page
    assert f"#w{waits.pk}" in page and son.name in page and "预约成功" in page
    assert page.index(reverse("desk_appointment", args=[ahead.pk])) < page.index(
        reverse("desk_appointment", args=[over.pk])
    )


def test_each_look_at_the_number_is_on_record(signed_in, cadre, center, resident, address):
    looks = LogEntry.objects.get_for_object(resident).filter(action=LogEntry.Action.ACCESS)
    assert not looks.exists()

    assert "138 0000 5678" in signed_in(cadre).get(address).content.decode()

    assert looks.get().actor == cadre


def test_what_they_have_elsewhere_stays_there(signed_in, cadre, center, other_center, item, resident, address):
    there = factories.AppointmentFactory(center=other_center, item=item, resident=resident)
    here = factories.AppointmentFactory(center=center, item=item, resident=resident)

    page = signed_in(cadre).get(address).content.decode()

    assert reverse("desk_appointment", args=[here.pk]) in page
    assert reverse("desk_appointment", args=[there.pk]) not in page


def test_the_number_of_queries_is_fixed(signed_in, cadre, center, item, resident, villager, son, address):
    client = signed_in(cadre)
    factories.AppointmentFactory(center=center, item=item, resident=resident)
    factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(-2, 9), served=True)
    open_case(center, item, resident, cadre, there=[])
    client.get(address)
    before = queries_of(client, address)
    for number in range(20):
        factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(number + 1, 10))
        factories.AppointmentFactory(
            center=center, item=item, resident=resident, starts_at=at(-number - 3, 9), served=True
        )
        factories.FamilyLinkFactory(resident=resident, relation=FamilyLink.Relation.OTHER)

    assert queries_of(client, address) == before


@pytest.mark.once
def test_the_search_leads_there(signed_in, cadre, center, resident, address):
    assert f'href="{address}"' in signed_in(cadre).get("/desk/people/", {"q": "桂兰"}).content.decode()
