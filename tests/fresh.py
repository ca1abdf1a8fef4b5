"""Clients whose user has just shown who they are, as after a sign-in."""

import time

from allauth.account.internal.flows import login
from django.contrib.auth import SESSION_KEY
from django.test import Client


def fresh(client: Client, *, minutes_ago: float = 0, method: str = "password") -> Client:
    session = client.session
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = session[SESSION_KEY]
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": method, "at": time.time() - minutes_ago * 60}]
    session.save()
    return client
