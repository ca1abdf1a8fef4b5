"""APP_URLS and API_ROUTERS."""

from django.urls import reverse


def test_its_page_answers(signed_in, villager):
    assert signed_in(villager).get(reverse("guestbook")).content.decode() == "留言簿"


def test_its_endpoint_is_in_the_api(client, note):
    assert client.get("/api/v1/notes").json() == 1
