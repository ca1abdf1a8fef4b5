"""What comes after a code that goes is proposed from the list, and taken only once somebody has looked."""

import io

import pytest
from django.core.management import CommandError, call_command

from centers.importing import successors
from centers.importing.successors import Unconfirmed
from centers.models import Center, Division, Succession
from portal.ui.errors import RuleBroken
from tests import factories
from tests.centers.succession.lists import NEW_YEAR, List

pytestmark = pytest.mark.django_db
WAS, IS = "990101100201", "990101100231"


@pytest.fixture
def last_year():
    List().bring_in()
    return List()


@pytest.fixture
def center(last_year):
    return factories.CenterFactory(division=Division.objects.get(code=WAS))


@pytest.fixture
def this_year(last_year):
    """柳湾村 has become a community, under another code."""
    return last_year.without(WAS).plus(_990101100231="柳湾社区居委会")


@pytest.mark.parametrize(
    "name", ["柳湾村委会", "柳湾村村民委员会", "柳湾社区居委会", "柳湾新村村委会", "柳湾村社区居委会"]
)
def test_the_same_village_under_another_code_is_recognised(last_year, name):
    assert last_year.without(WAS).plus(_990101100231=name).propose() == {WAS: IS}


def test_of_two_alike_the_one_with_the_whole_name_is_meant(last_year):
    found = last_year.without(WAS).plus(_990101100231="柳湾社区居委会", _990101100232="柳湾村委会").propose()

    assert found == {WAS: "990101100232"}


def test_the_villages_of_a_township_with_another_code_are_looked_for_there(last_year):
    moved = {code.replace("990101100", "990101110"): name for code, name in last_year.items()}

    found = List(moved).propose()

    assert found == {code: code.replace("990101100", "990101110") for code in List() if code.startswith("990101100")}


def test_a_village_that_came_to_another_township_is_looked_for_in_the_county(last_year):
    assert last_year.without(WAS).plus(_990101001031="柳湾村委会").propose() == {WAS: "990101001031"}


def test_two_that_exchange_their_codes_are_two_villages_with_other_codes(last_year):
    found = last_year.plus(_990101100201="桃林村委会", _990101100202="柳湾村委会").propose()

    assert found == {"990101100201": "990101100202", "990101100202": "990101100201"}


def test_a_code_that_another_village_was_given_is_no_new_name(last_year):
    found = last_year.plus(_990101100201="杏花村委会", _990101100231="柳湾村委会").propose()

    assert found == {WAS: IS}


def test_another_name_under_the_same_code_is_shown_as_a_new_name(last_year):
    assert last_year.plus(_990101100201="杏花村委会").propose() == {WAS: WAS}


def test_one_that_is_nowhere_is_left_to_whoever_looks(last_year):
    assert last_year.without(WAS).propose() == {WAS: ""}


def test_a_village_that_went_into_a_community_of_its_name_is_recognised(last_year):
    last_year.plus(_990101100231="柳湾社区居委会").bring_in()

    assert last_year.without(WAS).plus(_990101100231="柳湾社区居委会").propose() == {WAS: IS}


def test_nothing_is_imported_before_somebody_has_looked_at_who_comes_after_a_center(center, this_year):
    with pytest.raises(Unconfirmed) as asked:
        this_year.bring_in(NEW_YEAR)

    assert [(row.old, row.new, row.has_center) for row in asked.value.proposals] == [(WAS, IS, True)]
    assert Division.objects.current().filter(code=WAS).exists()


def test_what_nothing_points_at_needs_nobody_to_look(last_year, this_year):
    this_year.bring_in(NEW_YEAR)

    assert Succession.objects.get().new == Division.objects.get(code=IS)


def test_confirmed_the_center_is_at_the_new_code_as_before(center, this_year):
    outcome = this_year.bring_in(NEW_YEAR, is_confirmed=True)

    center = Center.objects.get(pk=center.pk)
    assert (center.code, center.division.name, center.division.valid_to) == (IS, "柳湾社区居委会", None)
    assert (outcome.recoded, outcome.opened, outcome.closed, outcome.renamed) == (1, 0, 0, 0)
    assert outcome.closed_with_center == 0


def test_what_was_corrected_counts_and_not_what_was_proposed(center, this_year):
    this_year.bring_in(NEW_YEAR, successors=[(WAS, "990101100202")])

    assert Center.objects.get(pk=center.pk).code == "990101100202"


def test_left_for_later_the_center_stays_as_it_is(center, this_year):
    outcome = this_year.bring_in(NEW_YEAR, successors=[(WAS, "")])

    assert Center.objects.get(pk=center.pk).code == WAS
    assert outcome.closed_with_center == 1


def test_a_code_taken_over_by_a_village_unknown_before_can_be_said_to_be_another(center, last_year):
    last_year.plus(_990101100201="杏花村委会").bring_in(NEW_YEAR, successors=[(WAS, "")])

    assert Division.objects.current().get(code=WAS).name == "杏花村委会"
    assert Center.objects.get(pk=center.pk).division.name == "柳湾村委会"


@pytest.mark.parametrize("pair", [(WAS, "990101100299"), (WAS, "990101100000"), ("990101100299", IS)])
def test_a_successor_is_in_the_list_and_of_the_same_level(center, this_year, pair):
    with pytest.raises(RuleBroken) as refusal:
        this_year.bring_in(NEW_YEAR, successors=[pair], is_confirmed=True)

    assert refusal.value.code == "successor"
    assert pair[0] in str(refusal.value)
    assert Center.objects.get(pk=center.pk).code == WAS


def test_the_table_to_correct_is_read_as_it_was_written(center, this_year):
    written = successors.write(this_year.rows())

    assert successors.read(io.BytesIO(written)) == [(WAS, IS)]


def run(tmp_path, this_year, *options: str) -> str:
    out, path = io.StringIO(), tmp_path / "list.csv"
    path.write_bytes(this_year.file().read())
    call_command("import_divisions", str(path), "--on", "2027-01-01", *options, stdout=out)
    return out.getvalue()


def test_the_command_shows_what_it_proposes_and_how_to_go_on(tmp_path, center, this_year):
    with pytest.raises(CommandError) as told:
        run(tmp_path, this_year)

    assert "990101100201 柳湾村委会 → 990101100231 柳湾社区居委会（中心）" in str(told.value)
    assert "--confirm" in str(told.value)


def test_the_command_takes_what_was_corrected_in_the_table(tmp_path, center, this_year):
    table = tmp_path / "who.csv"
    run(tmp_path, this_year, "--propose", str(table))
    assert Center.objects.get(pk=center.pk).code == WAS

    table.write_text(table.read_text(encoding="utf-8-sig").replace(IS, "990101100202"))
    run(tmp_path, this_year, "--successors", str(table))

    assert Center.objects.get(pk=center.pk).code == "990101100202"


def test_the_command_takes_what_it_proposed_when_told_to(tmp_path, center, this_year):
    assert "换代码 1" in run(tmp_path, this_year, "--confirm")
    assert Center.objects.get(pk=center.pk).code == IS
