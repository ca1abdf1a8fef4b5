"""Ending items and offering them again in the admin."""

import pytest
from django.forms.models import model_to_dict
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


def test_a_code_in_use_gets_a_sentence(item, signed_in):
    client = signed_in(factories.UserFactory(is_staff=True, is_superuser=True))
    client.raise_request_exception = False  # handler500 says it
    form = {name: "" if value is None else value for name, value in model_to_dict(item).items()} | {"materials": "[]"}
    answer = client.post(reverse("admin:appointments_serviceitem_add"), form)
    assert (answer.status_code, "别人刚刚建的" in answer.content.decode()) == (409, True)
