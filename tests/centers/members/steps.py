"""What people do on the pages of people with logins."""

import re
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from centers.models import Center, Membership
from portal.accounts.models import User
from portal.ui.idempotency import new_key
from tests import factories

PASSWORD = {"password1": "wheat-brick-61", "password2": "wheat-brick-61"}


def proven(user: User) -> Client:
    """Signed in by password a moment ago, so that nothing is asked again."""
    client = Client()
    client.post("/accounts/login/", {"login": user.username, "password": "demo-jiamenkou"})
    return client


def form_of(center: Center, **said) -> tuple[str, dict]:
    given = {"key": new_key(), "role": "proxy_agent", "name": "李红梅", "phone": "13700002222", "roster": "new"}
    return f"/manage/members/new/?at={center.code}", given | said


def invite(client: Client, center: Center, **said):
    address, form = form_of(center, **said)
    return client.post(address, form)


def code_on(page) -> str:
    """The code on a slip, as its QR code's address has it."""
    return re.search(r'class="slip__digits">(\w{5}) (\w{5})<', page.content.decode()).expand(r"\1\2")


def use(code: str) -> Client:
    """Somebody scans the slip on a phone of their own and sets a password."""
    phone = Client()
    phone.post(f"/accounts/in/{code}/", PASSWORD)
    return phone


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def colleague(center: Center, **more) -> Membership:
    """An agent who has signed in before."""
    more = {"user__name": "何小玲", "user__phone": "13700003333"} | more
    last = timezone.now() - timedelta(days=1)
    return factories.MembershipFactory(division=center.division, role="proxy_agent", user__last_login=last, **more)
