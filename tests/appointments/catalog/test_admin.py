"""Ending items and offering them again in the admin."""

import pytest
from django.urls import reverse

from appointments.models import ServiceItem
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "admin:appointments_serviceitem_changelist"


@pytest.fixture
def act(signed_in, item):
    client = signed_in(factories.UserFactory(is_staff=True, is_superuser=True))

    def post(action: str) -> str:
        chosen = ServiceItem.objects.filter(code=item.code).latest("version")
        data = {"action": action, "_selected_action": [chosen.pk]}
        return client.post(reverse(LIST), data, follow=True).content.decode()

    return post


def test_an_item_is_ended_and_offered_again(act, item):
    assert "不再办理" in act("end")
    assert not ServiceItem.objects.current().filter(code=item.code).exists()
    assert "又能约了" in act("resume")
    assert ServiceItem.objects.current().get(code=item.code).version == 2


def test_what_is_offered_is_not_offered_again(act, item):
    assert "没有停办" in act("resume")
    assert ServiceItem.objects.filter(code=item.code).count() == 1
