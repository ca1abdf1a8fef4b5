"""要您做的: what waits for somebody, each with its number and the page where it is done; nothing of anybody else."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts.roles import Role
from tests import factories
from tests.asked import asked
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


def overdue(center, owner, item, **values):
    case = factories.CaseFactory(center=center, item=item, owner=owner, first_owner=owner, **values)
    factories.CaseStageFactory(case=case, level="village", keeper="village", number=1)
    case.accepted_at, case.accepted_as = at(-20, 9), "complete"
    case.promised_on = timezone.localdate() - timedelta(days=1)
    case.save()
    return case


@pytest.fixture
def late(center, cadre, item):
    return overdue(center, cadre, item)


def test_it_is_counted_for_whoever_has_it_in_hand(signed_in, cadre, manager, late):
    assert asked(signed_in(cadre)) == ["1件代办超期了"]
    assert asked(signed_in(manager)) == []


def test_the_link_leads_to_what_was_counted(signed_in, cadre, manager, late, center, item):
    overdue(center, manager, item)
    client = signed_in(cadre)
    url = client.get("/desk/").context["to_do"].waiting[0].url
    assert [row.case for row in client.get(url).context["rows"]] == [late]


def test_nothing_to_do_says_so(signed_in, cadre, center, villager):
    assert "都办完了" in signed_in(cadre).get("/desk/").content.decode()
    assert not signed_in(villager).get("/me/").context["to_do"].is_asked


def test_of_two_centers_each_is_named(signed_in, cadre, late, other_center, item):
    factories.MembershipFactory(user=cadre, division=other_center.division, role=Role.PROXY_AGENT)
    overdue(other_center, cadre, item)
    waiting = signed_in(cadre).get("/desk/").context["to_do"].waiting
    assert [(one.place, one.number) for one in waiting] == [("柳湾村", 1), ("石桥村", 1)]
    assert ["center=990101100201" in waiting[0].url, "center=990101101201" in waiting[1].url] == [True, True]


def test_a_role_that_ended_is_asked_nothing_more(signed_in, cadre, late):
    client = signed_in(cadre)
    assert asked(client, "/me/") == ["1件代办超期了"]
    cadre.memberships.update(revoked_at=timezone.now())
    assert not client.get("/me/").context["to_do"].is_asked


@pytest.fixture
def remembered(settings):
    memory = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {**settings.CACHES, "to-do": {"BACKEND": memory, "LOCATION": "to-do"}}
    caches["to-do"].clear()


def test_what_is_remembered_is_shown_to_nobody_else(remembered, signed_in, cadre, late, village):
    other = factories.MembershipFactory(division=village, role=Role.PROXY_AGENT).user
    client = signed_in(cadre)
    assert asked(client) == asked(client) == ["1件代办超期了"]
    assert asked(signed_in(other)) == []
    late.owner = other
    late.save()
    # The control: what somebody else does is seen half a minute later.
    assert asked(client) == ["1件代办超期了"]
    cadre.memberships.update(revoked_at=timezone.now())
    factories.MembershipFactory(user=cadre, division=village, role=Role.MANAGER)
    assert asked(client) == []


def test_after_ones_own_step_it_is_looked_up_again(remembered, signed_in, cadre, late):
    client = signed_in(cadre)
    assert asked(client) == ["1件代办超期了"]
    late.delete()
    client.post("/desk/window/", {"window": "1"})
    assert asked(client) == []


def test_a_report_at_the_door_is_for_the_township_and_today_for_the_manager(
    signed_in, manager, officer, stranger, center
):
    factories.PresenceReportFactory(center=center, found_somebody=False, date=timezone.localdate())
    factories.PresenceReportFactory(center=center, found_somebody=True, date=timezone.localdate())
    assert asked(signed_in(manager)) == ["1人今天在门口说没有人"]
    assert asked(signed_in(officer), "/oversight/") == ["1条“没有人”要核实"]
    assert asked(signed_in(stranger), "/oversight/") == []


def test_it_costs_one_query_whatever_waits(signed_in, late, cadre, center, item, django_assert_num_queries):
    client = signed_in(cadre)
    with CaptureQueriesContext(connection) as one:
        client.get("/desk/tickets/")
    assert [query["sql"].count("UNION ALL") > 0 for query in one].count(True) == 1
    for _number in range(19):
        overdue(center, cadre, item)
    with django_assert_num_queries(len(one)):
        client.get("/desk/tickets/")
    assert asked(client) == ["20件代办超期了"]
