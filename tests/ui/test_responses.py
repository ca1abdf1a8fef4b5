"""What an answer says to programs."""

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse

from portal.ui.errors import RuleBroken, TooMany
from portal.ui.responses import private, status_of, told


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (None, None),
        (TooMany(), 429),
        (RuleBroken(code="person_limit"), 429),
        (RuleBroken(code="not_found"), 404),
        (RuleBroken(code="already_booked"), 409),
        (RuleBroken(code="too_large", field="party_size"), 422),
        (RuleBroken(code="slot_full", field="party_size"), 409),
    ],
)
def test_the_status_follows_from_the_code_and_else_from_the_field(refusal, status):
    assert status_of(refusal) == status


@pytest.mark.parametrize(("header", "value"), [("Cache-Control", "private, no-store"), ("X-Robots-Tag", "noindex")])
def test_a_private_page_is_kept_by_nobody(rf, header, value):
    assert private(lambda request: HttpResponse())(rf.get("/"))[header] == value


class TestWhatIsToldOnTheNextPage:
    @pytest.fixture
    def request_(self, rf):
        request = rf.post("/")
        request._messages = CookieStorage(request)
        return request

    def said(self, request):
        return [(message.level_tag, message.message) for message in get_messages(request)]

    def test_is_what_was_done(self, request_):
        with told(request_, "记好了。"):
            pass
        assert self.said(request_) == [("success", "记好了。")]

    def test_is_why_it_was_refused(self, request_):
        with told(request_, "记好了。"):
            raise RuleBroken("这几天已经过去了。")
        assert self.said(request_) == [("error", "这几天已经过去了。")]

    def test_is_nothing_of_a_fault(self, request_):
        with pytest.raises(ZeroDivisionError), told(request_, "记好了。"):
            raise ZeroDivisionError
