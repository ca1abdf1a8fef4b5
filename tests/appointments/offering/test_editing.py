"""The county edits an item: shown before it is stored, from today, from a day on, or as a draft."""

from datetime import timedelta

import pytest
from django.utils import timezone

from appointments.catalog import drafts
from appointments.models import ItemDraft, ServiceItem
from tests import factories
from tests.appointments.offering.filled import materials, shown
from tests.behind import behind
from tests.together import together

pytestmark = pytest.mark.django_db
PAGE = "/manage/items/990101000000/yanglao-renzheng/"
EDIT = f"{PAGE}edit/"


@pytest.fixture
def county_client(county_official, item, signed_in):
    return signed_in(county_official)


def save(client, address=EDIT, **typed):
    """The form as it is shown, with what is typed over it; then the page that asks, and its answer."""
    asked = client.post(address, {**shown(client.get(address)), **typed})
    assert asked.status_code == 200, asked.content.decode()
    return client.post(address, {**shown(asked), "sure": "1"})


def current() -> ServiceItem:
    return ServiceItem.objects.current().get(code="yanglao-renzheng")


def test_what_it_changes_is_shown_before_it_is_stored(county_client, item):
    factories.AppointmentFactory(item=item)
    page = county_client.post(EDIT, {**shown(county_client.get(EDIT)), "materials": ["户口簿"]}).content.decode()
    assert "身份证</del>" in page and "户口簿</ins>" in page
    assert "约好了的1个预约照约的时候说的办" in page
    assert current().version == 1


def test_it_is_the_next_version_from_today(county_client, county_official):
    save(county_client, materials=["身份证原件", "", "户口簿复印件一份"], minutes="45")
    found = current()
    assert (found.version, found.materials, found.minutes) == (2, ["身份证原件", "户口簿复印件一份"], 45)
    assert (found.changed_by, found.valid_from) == (county_official, timezone.localdate())
    page = county_client.get(PAGE).content.decode()
    assert "第2版" in page and "30</del>" in page and "45</ins>" in page


@pytest.mark.parametrize(
    ("button", "lines"),
    [
        ("up-1", ["乙", "甲", "丙"]),
        ("down-1", ["甲", "丙", "乙"]),
        ("drop-0", ["乙", "丙"]),
        ("up-0", ["甲", "乙", "丙"]),
        ("down-2", ["甲", "乙", "丙"]),
        ("add", ["甲", "乙", "丙"]),
        ("drop-99", ["甲", "乙", "丙"]),
    ],
)
def test_a_line_is_moved_by_a_button_and_what_is_typed_stays(county_client, button, lines):
    typed = {**shown(county_client.get(EDIT)), "materials": ["甲", "乙", "丙"], "summary": "还没写完", "name": ""}
    page = county_client.post(EDIT, {**typed, "line": button})
    assert materials(page) == lines
    assert shown(page)["summary"] == ["还没写完"] and "请填写" not in page.content.decode()
    assert current().version == 1


def test_what_is_wrong_is_said_and_what_was_typed_comes_back(county_client):
    typed = {"promised_kind": "workdays", "promised_limit": "", "materials": ["长" * 101]}
    page = county_client.post(EDIT, {**shown(county_client.get(EDIT)), **typed})
    assert page.status_code == 422
    assert "请填几天" in page.content.decode() and "第1样写得太长了" in page.content.decode()
    assert materials(page) == ["长" * 101]


def test_of_two_editors_the_second_reads_who_changed_what_and_takes_none_back(county_client, county, item, signed_in):
    colleague = factories.MembershipFactory(division=county, role="county", user__name="周敏").user
    theirs = shown(county_client.get(EDIT))
    save(signed_in(colleague), minutes="45")
    answer = county_client.post(EDIT, {**theirs, "materials": ["户口簿"], "sure": "1"})
    page = answer.content.decode()
    assert (answer.status_code, current().version) == (409, 2)
    assert "周敏" in page and "45</ins>" in page and materials(answer) == ["户口簿"]
    asked = county_client.post(EDIT, shown(answer))
    county_client.post(EDIT, {**shown(asked), "sure": "1"})
    assert (current().version, current().materials, current().minutes) == (3, ["户口簿"], 45)


def test_a_second_tap_makes_no_second_version(county_client):
    asked = county_client.post(EDIT, {**shown(county_client.get(EDIT)), "minutes": "45"})
    answers = [county_client.post(EDIT, {**shown(asked), "sure": "1"}) for _tap in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert current().version == 2


def test_a_version_for_a_day_ahead_starts_on_that_day(county_client):
    day = timezone.localdate() + timedelta(days=5)
    save(county_client, when="day", day=day.isoformat(), minutes="45")
    assert "起这样说" in county_client.get(PAGE).content.decode()
    assert (drafts.start_due(day - timedelta(days=1)), current().version) == (0, 1)
    assert (drafts.start_due(day), drafts.start_due(day)) == (1, 0)
    assert (current().minutes, ItemDraft.objects.count()) == (45, 0)


def test_a_planned_version_waits_if_the_item_was_changed_meanwhile(county_client, item, cadre):
    day = timezone.localdate() + timedelta(days=5)
    save(county_client, when="day", day=day.isoformat(), minutes="45")
    drafts.services.revise(item=item, by=cadre, minutes=60)
    assert drafts.start_due(day) == 0
    assert "它不会自己启用" in county_client.get(PAGE).content.decode()


def test_a_draft_is_started_or_discarded_as_it_was_shown(county_client):
    save(county_client, when="draft", minutes="45")
    stale = shown(county_client.get(f"{PAGE}discard/"))
    assert county_client.post(f"{PAGE}start/", {"seen": "1-9"}, follow=True).content.decode().count("没有算数") == 1
    seen = drafts.find(current().division, current().code).seen
    county_client.post(f"{PAGE}start/", {"seen": seen})
    assert (current().minutes, ItemDraft.objects.count()) == (45, 0)
    save(county_client, when="draft", minutes="60")
    county_client.post(f"{PAGE}discard/", stale)
    assert ItemDraft.objects.count() == 1
    county_client.post(f"{PAGE}discard/", shown(county_client.get(f"{PAGE}discard/")))
    assert (current().minutes, ItemDraft.objects.count()) == (45, 0)


def test_a_new_item_gets_a_code_and_a_second_tap_makes_no_second(county_client, county):
    new = "/manage/items/new/"
    typed = {"everyday_name": "磨剪子", "name": "磨剪子戗菜刀", "category": "living", "materials": ["剪子"]}
    typed |= {"promised_kind": "instant", "statutory_kind": "none", "handling_mode": "direct"}
    asked = county_client.post(new, {**shown(county_client.get(new)), **typed})
    answers = [county_client.post(new, {**shown(asked), "sure": "1"}) for _tap in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert ServiceItem.objects.get(everyday_name="磨剪子").code == "mojianzi"
    again = county_client.post(new, {**shown(asked), "summary": "别的", "sure": "1"})
    assert again.status_code == 422 and "这里已经有" in again.content.decode()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_editors_at_once_one_is_stored(item, county, cadre):
    content = {name: getattr(item, name) for name in drafts.CONTENT}
    seen = drafts.find(county, item.code).seen

    def write(minutes: int):
        typed = {**content, "minutes": minutes}
        return drafts.write(
            division=county, code=item.code, seen=seen, starts_on=timezone.localdate(), by=cadre, **typed
        )

    answers = together(write, range(31, 39))
    assert sum(isinstance(answer, drafts.Overtaken) for answer in answers) == 7
    assert current().version == 2


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_behind_a_new_draft_the_job_starts_nothing(item, county, cadre):
    """Two runs of the job: the second finds what the first has started, and no draft."""
    content = {name: getattr(item, name) for name in drafts.CONTENT}
    seen, tomorrow = drafts.find(county, item.code).seen, timezone.localdate() + timedelta(days=1)
    drafts.write(division=county, code=item.code, seen=seen, starts_on=tomorrow, by=cadre, **content)
    assert behind(lambda: drafts.start_due(tomorrow), lambda: drafts.start_due(tomorrow)) == (1, 0)
    assert ServiceItem.objects.filter(code=item.code).count() == 2
