"""A center whose division has ended is re-homed, and all that hangs on the division goes along."""

from datetime import date

import pytest

from appointments.models import ServiceItem
from centers.models import Center, Division, FormerCode, JoinedResident, MarketRule, Membership, Resident, Succession
from centers.services import succession, tokens
from portal.accounts.roles import Role
from portal.ui.errors import NotAllowed, RuleBroken
from tests import factories
from tests.centers.succession.lists import NEW_YEAR, List

pytestmark = pytest.mark.django_db
ENDED = date(2026, 11, 1)


@pytest.fixture
def new(village):
    """The village has ended; its successor is there, and nobody has said that it is the successor."""
    village.valid_to = ENDED
    village.save()
    return factories.DivisionFactory(code="990101100231", name="柳湾社区居委会")


def everything_at(village: Division) -> dict:
    """A row of each kind that points at a division."""
    return {
        "role": factories.MembershipFactory(division=village, role=Role.PROXY_AGENT),
        "resident": factories.ResidentFactory(division=village, name="李四", phone=""),
        "market": factories.MarketRuleFactory(division=village),
        "item": factories.ServiceItemFactory(division=village, code="only-here"),
    }


def test_all_that_hangs_on_the_division_goes_along(center, village, new, county_official):
    rows = everything_at(village)

    succession.rehome(center=center, division=new, by=county_official)

    for row in rows.values():
        row.refresh_from_db()
        assert row.division == new
    assert Center.objects.get(pk=center.pk).division == new


def test_no_kind_of_row_is_left_behind(center, village, new):
    everything_at(village)

    succession.succeed(old=village, new=new, by=None)

    for relation in Division._meta.related_objects:
        rows = relation.related_model._base_manager.filter(**{relation.field.name: village})
        assert relation.related_model is Succession or not rows.exists(), relation


def test_a_code_that_only_changed_takes_along_whatever_there_is(center, village):
    rows = everything_at(village)

    succession.recode([(village, succession.Named("990101100231", "柳湾社区", "", ""))], on=NEW_YEAR)

    assert {row._meta.model.objects.get(pk=row.pk).division.code for row in rows.values()} == {"990101100231"}
    assert list(FormerCode.objects.values_list("center", "code")) == [(center.pk, "990101100201")]


def test_a_code_in_use_is_given_to_nobody_else(center, village):
    factories.DivisionFactory(code="990101100202")

    with pytest.raises(RuleBroken, match="990101100202 正在使用"):
        succession.recode([(village, succession.Named("990101100202", "柳湾社区", "", ""))], on=NEW_YEAR)


def test_a_token_acts_at_the_new_place(center, village, new):
    role = factories.MembershipFactory(division=village, role=Role.PROXY_AGENT)
    token, _secret = tokens.issue(membership=role, name="县平台")

    succession.succeed(old=village, new=new, by=None)

    token.refresh_from_db()
    assert token.membership.division == new


def test_a_role_held_at_both_is_kept_once_with_both_tokens(village, new):
    gone = factories.MembershipFactory(division=village, role=Role.MANAGER)
    stays = factories.MembershipFactory(division=new, role=Role.MANAGER, user=gone.user)
    token, _secret = tokens.issue(membership=gone, name="县平台")

    succession.succeed(old=village, new=new, by=None)

    token.refresh_from_db()
    assert token.membership == stays
    assert list(Membership.objects.filter(revoked_at=None)) == [stays]


def test_a_resident_listed_at_both_is_one_person_with_all_that_is_booked(center, village, new):
    listed = [factories.ResidentFactory(division=place, name="李四", phone="13800000000") for place in (village, new)]
    booked = factories.AppointmentFactory(center=center, resident=listed[0])

    succession.succeed(old=village, new=new, by=None)

    booked.refresh_from_db()
    assert [booked.resident] == list(Resident.objects.filter(name="李四"))
    assert JoinedResident.objects.get().former_pk == listed[0].pk


def test_who_cannot_be_joined_yet_is_listed_as_a_twin(center, village, new):
    """Both have an open case: the center sees to that first."""
    listed = [factories.ResidentFactory(division=place, name="李四", phone="13800000000") for place in (village, new)]
    for resident in listed:
        factories.CaseFactory(center=center, resident=resident)

    succession.succeed(old=village, new=new, by=None)

    listed[0].refresh_from_db()
    assert (listed[0].twin_of, listed[0].division) == (listed[1], new)


def test_namesakes_without_a_number_stay_two_people(village, new):
    for place in (village, new):
        factories.ResidentFactory(division=place, name="李四", phone="", villager_group="")

    succession.succeed(old=village, new=new, by=None)

    assert set(Resident.objects.filter(division=new).values_list("remark", flat=True)) == {"", "原柳湾村"}


def test_a_market_of_both_is_listed_once(village, new):
    for place in (village, new):
        factories.MarketRuleFactory(division=place, calendar="lunar", digits="3,8")

    succession.succeed(old=village, new=new, by=None)

    assert MarketRule.objects.get().division == new


def test_an_item_of_both_is_offered_once(village, new):
    for place in (village, new):
        factories.ServiceItemFactory(division=place, code="only-here")

    succession.succeed(old=village, new=new, by=None)

    assert ServiceItem.objects.current().get(code="only-here").division == new


def test_a_center_entered_at_the_wrong_village_goes_alone(center, village, county_official):
    resident = factories.ResidentFactory(division=village)
    other = factories.DivisionFactory(code="990101100202", name="桃林村委会")

    succession.rehome(center=center, division=other, by=county_official)

    resident.refresh_from_db()
    assert (Center.objects.get(pk=center.pk).division, resident.division) == (other, village)


def test_the_village_that_has_a_center_takes_no_second_one(center, new):
    factories.CenterFactory(division=new)

    with pytest.raises(RuleBroken, match="已经有中心了"):
        succession.rehome(center=center, division=new)


def test_only_who_manages_both_places_says_who_comes_after_whom(center, village, new, cadre, stranger, officer):
    for nobody in (cadre, stranger):
        with pytest.raises(NotAllowed):
            succession.succeed(old=village, new=new, by=nobody)

    assert succession.succeed(old=village, new=new, by=officer).decided_by == officer


@pytest.mark.parametrize("wrong", ["level", "ended", "twice", "itself"])
def test_what_cannot_be_is_refused(village, township, new, wrong):
    old, after = village, new
    if wrong == "level":
        after = township
    elif wrong == "ended":
        old, after = new, village
    elif wrong == "itself":
        old = after
    else:
        succession.succeed(old=old, new=after, by=None)

    with pytest.raises(RuleBroken):
        succession.succeed(old=old, new=after, by=None)


def test_of_a_split_one_goes_on_and_the_others_are_on_record(center, village, new):
    beside = factories.DivisionFactory(code="990101100232", name="柳湾新村委会")

    succession.succeed(old=village, new=beside, by=None, goes_on=False)
    succession.succeed(old=village, new=new, by=None)

    assert Center.objects.get(pk=center.pk).division == new
    kinds = Succession.objects.filter(old=village).values_list("new__code", "kind", "goes_on")
    assert set(kinds) == {(new.code, "split", True), (beside.code, "split", False)}


def test_a_new_name_is_on_record(db):
    List().bring_in()

    List().plus(_990101100201="杏花村委会").bring_in(NEW_YEAR)

    was = Succession.objects.get()
    assert (was.kind, was.old.name, was.new.name, was.old.code) == ("renamed", "柳湾村委会", "杏花村委会", was.new.code)


def test_two_centers_do_not_share_a_code_while_one_waits_to_be_rehomed(center, village):
    village.valid_to = ENDED
    village.save()
    reused = factories.DivisionFactory._meta.model.objects.create(
        code=village.code, name="杏花村委会", level=5, valid_from=ENDED
    )

    with pytest.raises(Exception, match="还用着这个代码"):
        Center(division=reused, name="杏花村党群服务中心").full_clean()
