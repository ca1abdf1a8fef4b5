"""A name is found without the signs between its parts, which nobody types the same way."""

import pytest
from django.urls import reverse

from centers.models import Resident
from tests import factories

pytestmark = pytest.mark.django_db

FOUND = [
    ("O’Brien", "obrien"),
    ("O’Brien", "O'Bri"),
    ("O’Brien", "o brien"),
    ("买买提·艾力", "买买提艾力"),
    ("买买提·艾力", "买买提 艾力"),
    ("买买提·艾力", "提•艾"),
    ("Jean-Luc", "jeanluc"),
    ("李四", "李·四"),
]
NOT_FOUND = [("O’Brien", "obrian"), ("李四", "'"), ("李四", "四李")]


@pytest.mark.parametrize(
    ("name", "typed", "is_found"), [*((*one, True) for one in FOUND), *((*one, False) for one in NOT_FOUND)]
)
def test_at_the_desk(signed_in, cadre, center, name, typed, is_found):
    factories.ResidentFactory(division=center.division, name=name)

    page = signed_in(cadre).get(reverse("desk_book"), {"q": typed})

    assert (reverse("desk_book_item", args=[Resident.objects.get().pk]) in page.content.decode()) == is_found


@pytest.mark.parametrize(("name", "typed", "is_found"), [("O’Brien", "obrien", True), ("O’Brien", "obriet", False)])
def test_in_the_admin(signed_in, village, name, typed, is_found):
    factories.ResidentFactory(division=village, name=name)
    admin = signed_in(factories.UserFactory(is_staff=True, is_superuser=True))

    page = admin.get(reverse("admin:centers_resident_changelist"), {"q": typed})

    assert page.context["cl"].result_count == int(is_found)


def test_control_who_is_whom_is_still_told_by_the_sign(village):
    factories.ResidentFactory(division=village, name="O’Brien")
    assert not Resident.objects.namesakes(village, "OBrien").exists()
    assert Resident.objects.namesakes(village, "O'Brien").exists()
