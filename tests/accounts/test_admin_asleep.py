"""An administrator's account that sleeps opens no page of the admin: its number may be somebody else's by now."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("is_asleep", "status"), [(True, 403), (False, 200)])
@pytest.mark.parametrize("page", ["admin:index", "admin:centers_center_changelist", "admin:accounts_user_changelist"])
def test_it_opens_nothing(signed_in, page, is_asleep, status):
    since = timezone.now() if is_asleep else None
    user = factories.UserFactory(is_staff=True, is_superuser=True, asleep_since=since)
    assert signed_in(user).get(reverse(page)).status_code == status


def test_another_administrator_wakes_it(signed_in):
    asleep = factories.UserFactory(is_staff=True, is_superuser=True, asleep_since=timezone.now())
    client = signed_in(factories.UserFactory(is_staff=True, is_superuser=True))
    page = reverse("admin:accounts_user_change", args=[asleep.pk])
    shown = client.get(page).context["adminform"].form
    sent = {name: value for name, value in shown.initial.items() if value not in (None, [], False)}
    sent = {name: value for name, value in sent.items() if not name.startswith(("asleep_since", "password"))}
    client.post(page, sent | {"is_staff": "on", "is_superuser": "on", "is_active": "on", "_save": "1"})
    asleep.refresh_from_db()
    assert asleep.asleep_since is None
