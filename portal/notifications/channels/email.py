from django.core.mail import send_mail

from portal.notifications.models import Message


class Email:
    """Any SMTP server that EMAIL_URL names."""

    def send(self, message: Message) -> None:
        send_mail(message.title, message.body, from_email=None, recipient_list=[message.address])
