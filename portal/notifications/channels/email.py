from smtplib import SMTPException, SMTPRecipientsRefused

from django.core.mail import send_mail

from portal.notifications.channels import Permanent, Transient
from portal.notifications.models import Message


class Email:
    """Sends by SMTP (EMAIL_URL)."""

    def send(self, message: Message) -> None:
        try:
            send_mail(message.title, message.body, from_email=None, recipient_list=[message.address])
        except SMTPRecipientsRefused as refused:
            codes = [code for code, _words in refused.recipients.values()]
            # 4xx is a transient refusal (busy, greylisting), 5xx a permanent one (no such mailbox).
            raise (Permanent if min(codes) >= 500 else Transient)(f"recipient refused: {codes}") from refused
        except SMTPException as error:
            raise Transient(f"{type(error).__name__}: {error}") from error
