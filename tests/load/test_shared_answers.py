"""Through the shipped proxy: what is kept for a second is the same for everybody, and nobody gets another's page."""

import time

import pytest

from tests import factories
from tests.faults.conftest import database_url
from tests.nginx import find_nginx, nginx_before
from tests.web import Visitor, web

# Of the web server and what stands before it, whatever its database.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def proxy(center, item):
    if find_nginx() is None:
        pytest.skip("no nginx: apt-get install nginx-light")
    factories.open_on(center, *range(7))
    with web(database_url(), quiet=True) as server, nginx_before(server.port) as port:
        yield port


def test_each_visitor_gets_their_own(proxy, center, item, cadre, signed_in):
    """In the order that would give the next one the page of the one before."""
    session = signed_in(cadre).cookies["sessionid"].value
    pages = ["/", "/centers/", f"/centers/{center.code}/", f"/centers/{center.code}/book/", "/items/"]
    visitors = {
        "nobody": "",
        "cadre": f"sessionid={session}",
        "elder": "look=elder",
        "foreigner": "language=en",
    }
    signs = {"cadre": cadre.name, "elder": 'data-look="elder"', "foreigner": 'lang="en"'}
    for page in pages:
        for order in (list(visitors), list(reversed(visitors))):
            for who in order:
                headers = {"Cookie": visitors[who]} if visitors[who] else {}
                with Visitor(proxy) as visitor:
                    answer = visitor.get(page, **headers)
                shown = answer.body.decode()
                assert answer.status == 200
                seen = {name for name, sign in signs.items() if sign in shown.partition("<main")[0]}
                assert seen == ({who} if who in signs else set()), (page, who)
                assert "Set-Cookie" not in answer.headers or who == "cadre", (page, who)


def test_what_is_kept_is_two_seconds_old_at_most(proxy, center):
    with Visitor(proxy) as visitor:
        before = visitor.get(f"/centers/{center.code}/").body.decode()
        assert "柳湾村" in before
        type(center).objects.filter(pk=center.pk).update(name="柳湾社区党群服务中心")
        time.sleep(2.1)  # nginx counts whole seconds
        assert "柳湾社区" in visitor.get(f"/centers/{center.code}/").body.decode()


def test_it_saves_the_portal_the_second_request(proxy, center):
    """Both within the second: one request id, because one answer."""
    with Visitor(proxy) as visitor:
        ids = {visitor.get(f"/centers/{center.code}/").headers["X-Request-ID"] for _ in range(20)}
    assert len(ids) < 10


def test_forms_are_never_kept(proxy, center, item):
    path = f"/centers/{center.code}/book/{item.code}/{center.slots.filter(closed_at=None).last().pk}/"
    tokens = set()
    for _visit in range(3):
        with Visitor(proxy) as visitor:
            answer = visitor.get(path)
        tokens.update(one for one in answer.headers.get_all("Set-Cookie") if one.startswith("csrftoken"))
    assert len(tokens) == 3
