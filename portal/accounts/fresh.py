"""Steps that somebody may take only shortly after they have shown who they are: another number, the end of an account.

Who has a password, or a second factor, is asked for it again. Who signs in by codes alone signs out and in by a new
one: nothing else proves them.
"""

import time
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from portal.accounts import codes

SECONDS = 10 * 60


def is_fresh(request: HttpRequest) -> bool:
    since = time.time() - SECONDS
    return any(record.get("at", 0) > since for record in get_authentication_records(request, request.user))


def needs_fresh(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator for a view of one's own account: reading it asks as well, so that nothing is typed in vain."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        here = urlencode({"next": request.path})
        if get_reauthentication_flows(request.user):
            return redirect(f"{reverse('account_reauthenticate')}?{here}")
        again = f"{reverse('account_request_login_code')}?{here}"
        return render(request, "accounts/again.html", {"again": again, "codes_arrive": codes.can_arrive()})

    return answer
