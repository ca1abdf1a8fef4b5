"""Signing somebody out everywhere."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from portal.accounts.models import User


def sign_out_everywhere(user: User) -> None:
    """End every listed session. One that is not listed ends when the password changes."""
    devices = UserSession.objects.filter(user=user)
    Session.objects.filter(session_key__in=list(devices.values_list("session_key", flat=True))).delete()
    devices.delete()
