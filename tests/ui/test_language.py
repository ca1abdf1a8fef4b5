import pytest

pytestmark = pytest.mark.django_db


def test_a_phone_set_to_english_still_shows_chinese(client):
    page = client.get("/", headers={"accept-language": "en-US"})
    assert "您在哪个村" in page.content.decode()


def test_whoever_asks_for_english_gets_it(client):
    client.post("/look/", {"language": "en", "next": "/"})
    page = client.get("/")
    assert 'lang="en"' in page.content.decode() and "您在哪个村" not in page.content.decode()


def test_and_can_go_back(client):
    client.post("/look/", {"language": "en"})
    client.post("/look/", {"language": "zh-hans"})
    assert "您在哪个村" in client.get("/").content.decode()


def test_the_answer_says_its_language(client):
    assert client.get("/")["Content-Language"] == "zh-hans"


def test_an_unknown_language_is_the_sites_own(client):
    client.cookies["language"] = "tlh"
    assert "您在哪个村" in client.get("/").content.decode()
