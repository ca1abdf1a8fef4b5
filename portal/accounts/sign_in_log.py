"""Log of sign-ins, sign-outs and refused sign-ins with user and address. No passwords, codes or full phone numbers."""

import logging

from django.contrib.auth import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from portal.accounts.addresses import client_address
from portal.accounts.models import User
from portal.ui.words import masked_phone

logger = logging.getLogger(__name__)


def connect() -> None:
    user_logged_in.connect(_signed_in)
    user_logged_out.connect(_signed_out)
    user_login_failed.connect(_refused)


def _signed_in(sender, request: HttpRequest, user: User, **kwargs) -> None:
    logger.info("signed in user=%s address=%s", user.pk, client_address(request))


def _signed_out(sender, request: HttpRequest, user: User | None, **kwargs) -> None:
    logger.info("signed out user=%s address=%s", user and user.pk, client_address(request))


def _refused(sender, credentials: dict, request: HttpRequest | None = None, **kwargs) -> None:
    login = str(credentials.get("username", ""))
    # Masked if it may be a phone number; escaped, so that a line break cannot forge a log entry.
    said = masked_phone(login) if sum(map(str.isdigit, login)) > 6 else ascii(login[:40])
    logger.warning("refused login=%s address=%s", said, client_address(request) if request else "unknown")
