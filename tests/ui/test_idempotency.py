"""What is asked for twice with one key is made once."""

from functools import partial

import pytest
from django.db import IntegrityError

from appointments.booking.models import LinkUse
from portal.ui.errors import RuleBroken
from portal.ui.idempotency import make_once
from tests import factories

pytestmark = pytest.mark.django_db
ONCE = "a_link_is_used_once"


@pytest.fixture
def make():
    return partial(LinkUse.objects.create, appointment=factories.AppointmentFactory(), key="k")


def find() -> LinkUse | None:
    return LinkUse.objects.filter(key="k").first()


def test_the_first_time_it_is_made(make):
    assert make_once(make, find) == LinkUse.objects.get()


def test_the_second_time_it_is_what_was_made(make):
    assert make_once(make, find) == make_once(make, find)


def test_what_was_made_before_counts_more_than_a_refusal(make):
    made = make()

    def refuse():
        raise RuleBroken(code="slot_full")

    assert make_once(refuse, find) == made


def test_a_refusal_is_raised_where_nothing_was_made():
    def refuse():
        raise RuleBroken(code="slot_full")

    with pytest.raises(RuleBroken) as refusal:
        make_once(refuse, find)
    assert refusal.value.code == "slot_full"


def test_a_constraint_refuses_with_its_sentence(make):
    make()
    with pytest.raises(RuleBroken, match="这个链接已经用过了"):
        make_once(make, lambda: None)


def test_a_fault_stays_a_fault(make):
    def fail():
        raise IntegrityError("no constraint of ours")

    with pytest.raises(IntegrityError):
        make_once(fail, find)


class TestWhatIsDrawn:
    @pytest.fixture
    def drawn(self, make):
        """Draws a key from a list; "k" is taken."""
        make()
        return lambda *keys: lambda values=iter(keys): make(key=next(values))

    def test_is_drawn_again_when_it_is_taken(self, drawn):
        assert make_once(drawn("k", "k", "new"), lambda: None, drawn=ONCE).key == "new"

    def test_is_not_drawn_again_for_another_constraint(self, drawn):
        with pytest.raises(RuleBroken, match="这个链接已经用过了"):
            make_once(drawn("k", "new"), lambda: None, drawn="a_form_books_once")

    def test_is_given_up_after_six_tries(self, drawn):
        with pytest.raises(RuleBroken, match="这个链接已经用过了"):
            make_once(drawn(*"kkkkkk", "new"), lambda: None, drawn=ONCE)
