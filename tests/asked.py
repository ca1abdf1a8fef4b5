"""要您做的 as a page shows it."""

from django.test import Client


def asked(client: Client, path: str = "/desk/") -> list[str]:
    """The strip of a page, such as ["2个预约要安置"]."""
    return [f"{one.number}{one.task.words}" for one in client.get(path).context["to_do"].waiting]
