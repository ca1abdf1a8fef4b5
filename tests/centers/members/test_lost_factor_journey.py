"""A lost second factor from the call to the new one, with how many screens and taps it takes."""

import pytest
from allauth.mfa.totp.internal import auth
from django.test import Client

from portal.accounts.roles import Role
from tests import factories
from tests.centers.members.steps import PASSWORD, code_on

pytestmark = pytest.mark.django_db
SETUP = "/accounts/2fa/totp/activate/"


class Walk:
    """One person's browser: `screens` that were shown, `taps` on links and buttons."""

    def __init__(self) -> None:
        self.client, self.screens, self.taps = Client(), 0, 0

    def tap(self, address: str, sent: dict | None = None):
        self.taps += 1
        return self.open(address, sent)

    def open(self, address: str, sent: dict | None = None):
        page = self.client.get(address, follow=True) if sent is None else self.client.post(address, sent, follow=True)
        assert page.status_code == 200
        self.screens += 1
        return page


def has_link(page, address: str) -> bool:
    return f'href="{address}' in page.content.decode()


def set_up(walk: Walk) -> None:
    secret = walk.client.session["mfa.totp.secret"]
    code = auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time())))
    walk.tap(SETUP, {"code": code})


def test_a_lost_second_factor_is_replaced(county_official, township, center, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    helper = Walk()
    helper.client.force_login(county_official)
    official = factories.MembershipFactory(
        division=township, role=Role.TOWNSHIP, user__name="陈立新", user__phone="13700008888"
    ).user
    member, lost = f"/manage/members/{official.pk}/", f"/manage/members/{official.pk}/help/"

    assert has_link(helper.tap("/manage/"), "/manage/members/")
    assert has_link(helper.tap("/manage/members/"), member)
    assert has_link(helper.tap(member), lost)
    proof = helper.tap(lost)
    helper.tap(proof.request["PATH_INFO"] + f"?next={lost}", {"password": "demo-jiamenkou"})
    slip = helper.tap(lost, {"what": "factor", "reason": "手机掉水里了", "seen": "on"})
    assert (helper.screens, helper.taps) == (6, 6)

    settings.REQUIRE_SECOND_FACTOR = True
    theirs = Walk()
    theirs.open(f"/accounts/in/{code_on(slip)}/")
    page = theirs.tap(f"/accounts/in/{code_on(slip)}/", PASSWORD)
    assert page.request["PATH_INFO"] == SETUP
    set_up(theirs)
    assert (theirs.screens, theirs.taps) == (3, 2)
    assert theirs.client.get("/oversight/").status_code == 200
