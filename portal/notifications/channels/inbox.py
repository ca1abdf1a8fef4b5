from portal.notifications.models import Message


class Inbox:
    """The stored row is the delivery: the person's inbox page reads it."""

    def send(self, message: Message) -> None:
        return None
