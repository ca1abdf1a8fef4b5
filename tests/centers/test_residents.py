"""Creating residents is idempotent, also in parallel."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from centers.models import Division, FamilyLink, Resident
from centers.people import residents
from portal.ui.errors import RuleBroken
from tests import factories

AT_ONCE = 8


@pytest.mark.django_db
def test_a_new_resident_is_written_down(village):
    found = residents.find_or_create(
        division=village, name=" 王桂兰 ", phone="+86 138-0000-5678", villager_group="一组"
    )

    assert (found.name, found.phone, found.villager_group) == ("王桂兰", "13800005678", "一组")


@pytest.mark.django_db
def test_the_same_name_phone_and_village_is_the_same_person(village, resident):
    assert residents.find_or_create(division=village, name="王桂兰", phone="13800005678") == resident


@pytest.mark.django_db
def test_two_elders_of_one_phone_are_two_people(village, resident):
    assert residents.find_or_create(division=village, name="王福来", phone=resident.phone) != resident


@pytest.mark.django_db
def test_a_group_fills_a_gap_and_overwrites_nothing(village, resident):
    same = {"division": village, "name": resident.name, "phone": resident.phone}
    residents.find_or_create(**same, villager_group="一组")

    assert residents.find_or_create(**same, villager_group="二组").villager_group == "一组"


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "phone"), [("", "13800005678"), ("王桂兰", "1234"), ("长" * 41, "")])
def test_what_cannot_be_is_refused_in_words(village, name, phone):
    with pytest.raises(RuleBroken):
        residents.find_or_create(division=village, name=name, phone=phone)


@pytest.mark.django_db
def test_a_family_link_is_made_once_and_its_relation_corrected(resident, son):
    residents.link_family(user=son, resident=resident, relation=FamilyLink.Relation.OTHER)

    assert FamilyLink.objects.get(user=son, resident=resident).relation == "other"


@pytest.mark.django_db
def test_an_ended_link_can_be_made_again(resident, son):
    residents.end_family_link(link=FamilyLink.objects.get(user=son))
    residents.link_family(user=son, resident=resident, relation=FamilyLink.Relation.CHILD)

    assert FamilyLink.objects.filter(user=son, resident=resident).count() == 2


def at_once(work) -> list:
    """Run it in several threads in parallel; returns results and exceptions."""
    barrier = Barrier(AT_ONCE)

    def one(_number):
        barrier.wait()
        try:
            return work()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


@pytest.fixture
def village_row(transactional_db) -> Division:
    return factories.DivisionFactory(code="990101100201")


@pytest.mark.race
def test_at_once_the_naive_way_clashes(village_row):
    """The control: check-then-act without handling the conflict."""
    barrier = Barrier(AT_ONCE)

    def naive():
        with transaction.atomic():
            if connection.vendor != "sqlite":
                Resident.objects.filter(name="王桂兰").first()
                barrier.wait(5)
            Resident.objects.create(division=village_row, name="王桂兰", phone="13800005678")

    results = at_once(naive)

    assert sum(isinstance(result, IntegrityError) for result in results) == AT_ONCE - 1


@pytest.mark.race
def test_at_once_everybody_gets_the_same_person(village_row):
    results = at_once(lambda: residents.find_or_create(division=village_row, name="王桂兰", phone="13800005678").pk)

    assert len(set(results)) == 1
    assert Resident.objects.count() == 1
