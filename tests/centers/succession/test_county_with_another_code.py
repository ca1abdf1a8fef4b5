"""A county that got another code is the same county: the list under the new one says what became of the old one."""

import pytest

from centers.importing.divisions import import_divisions, propose_successors
from centers.importing.successors import Unconfirmed
from centers.models import Center, Division
from tests import factories
from tests.centers.succession.lists import NEW_YEAR, List

pytestmark = pytest.mark.django_db
WAS, IS = "990101100201", "990181100201"


@pytest.fixture
def center(db):
    List().bring_in()
    return factories.CenterFactory(division=Division.objects.get(code=WAS))


def under_another_code(name: str = "青禾县") -> List:
    rows = {code.replace("990101", "990181"): called for code, called in List().items()}
    return List(rows | {"990181000000": name})


@pytest.mark.parametrize("name", ["青禾县", "青禾市", "青禾区"])
@pytest.mark.parametrize("under", [None, "990181000000"])
def test_it_is_proposed_with_all_that_is_in_it(center, name, under):
    rows = propose_successors(file=under_another_code(name).file(), under=under)

    proposed = {row.old: row.new for row in rows}
    assert (proposed["990101000000"], proposed[WAS]) == ("990181000000", IS)
    with pytest.raises(Unconfirmed):
        under_another_code(name).bring_in(NEW_YEAR, under=under)


def test_confirmed_there_is_one_county(center):
    under_another_code().bring_in(NEW_YEAR, is_confirmed=True)

    assert Division.objects.current().filter(name="青禾县").get().code == "990181000000"
    assert Center.objects.get(pk=center.pk).code == IS
    assert not Division.objects.current().within("990101000000").exists()


def test_with_its_prefecture_the_rest_of_that_is_left_alone(center):
    factories.DivisionFactory(code="990102000000", name="白石县")
    rows = {code.replace("990101", "990281"): name for code, name in List().items() if not code.startswith("99010000")}
    after = List(rows | {"990200000000": "演示市"}).without("990100000000")

    after.bring_in(NEW_YEAR, is_confirmed=True)

    assert Center.objects.get(pk=center.pk).code == "990281100201"
    assert Division.objects.current().filter(code="990102000000").exists()


@pytest.mark.parametrize("name", ["白石县", "青山县"])
def test_another_county_is_another_county(center, name):
    after = under_another_code(name)

    import_divisions(file=after.file(), on=NEW_YEAR)

    assert Center.objects.get(pk=center.pk).code == WAS
    assert Division.objects.current().filter(level=3).count() == 2


def test_of_a_new_county_beside_the_one_that_the_list_has_too_nothing_is_taken(center):
    after = List(dict(List()) | under_another_code())

    assert not [row for row in propose_successors(file=after.file()) if row.old == "990101000000"]
