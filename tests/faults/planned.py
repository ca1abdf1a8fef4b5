"""Messages for the fault tests, each to a phone number of its own, about nothing in the registry: with their words."""

from django.utils import timezone

from portal.notifications.models import Message, State


def plan(number: int, **values) -> None:
    now = timezone.now()
    given = {"channel": "sms", "due_at": now, "kind": "confirmed", "title": "预约成功", "body": "已约好", **values}
    given = {"occasion": given["due_at"], **given}
    Message.objects.bulk_create(
        Message(subject=f"text:{position}", person=f"resident:{position}", address=number_of(position), **given)
        for position in range(number)
    )


def number_of(position: int) -> str:
    return f"139{position:08d}"


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Message.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def is_under_way() -> bool:
    return Message.objects.filter(state__in=[State.PENDING, State.SENDING]).exists()
