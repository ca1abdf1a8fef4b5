"""评价: bad ones wait at the center and above it until somebody there has read them; nobody's name is shown."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import factories
from tests.asked import asked

pytestmark = pytest.mark.django_db
PAGE = "/manage/ratings/"
TO_READ = ["1条不满意的评价要看"]


@pytest.fixture
def bad(center, resident):
    return factories.RatingFactory(
        appointment__center=center, appointment__resident=resident, level=1, comment="来了两趟才办完"
    )


def tick(client, *ratings):
    return client.post(f"{PAGE}read/", {"rating": [one.pk for one in ratings]})


def test_each_side_reads_for_itself(signed_in, manager, officer, bad):
    at_the_center, above = signed_in(manager), signed_in(officer)
    assert (asked(at_the_center), asked(above, "/oversight/")) == (TO_READ, TO_READ)
    tick(at_the_center, bad)
    assert (asked(at_the_center), asked(above, "/oversight/")) == ([], TO_READ)
    tick(above, bad)
    assert asked(above, "/oversight/") == []
    bad.refresh_from_db()
    assert (bad.read_by, bad.read_above_by) == (manager, officer)


def test_it_says_what_was_said_and_not_who(signed_in, manager, officer, stranger, bad, resident):
    page = signed_in(manager).get(PAGE).content.decode()
    assert "来了两趟才办完" in page and resident.name not in page and resident.phone not in page
    assert "来了两趟才办完" in signed_in(officer).get(PAGE).content.decode()
    assert "来了两趟才办完" not in signed_in(stranger).get(PAGE).content.decode()


def test_nobody_ticks_off_what_they_do_not_see(signed_in, stranger, cadre, manager, bad):
    tick(signed_in(stranger), bad)
    assert tick(signed_in(cadre), bad).status_code == 403
    assert asked(signed_in(manager)) == TO_READ


def test_good_and_old_ones_do_not_wait(signed_in, manager, bad, center):
    bad.rated_at = timezone.now() - timedelta(days=31)
    bad.save()
    factories.RatingFactory(appointment__center=center, level=3)
    client = signed_in(manager)
    assert asked(client) == []
    assert [len(client.get(f"{PAGE}?show={show}").context["page"]) for show in ("new", "bad", "all")] == [0, 1, 2]


def test_twenty_cost_as_many_queries_as_one(signed_in, manager, bad, center, django_assert_num_queries):
    client = signed_in(manager)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE)
    factories.RatingFactory.create_batch(20, appointment__center=center, level=1)
    with django_assert_num_queries(len(one)):
        assert len(client.get(PAGE).context["page"]) == 21
