"""A step that is not taken because the user was signed out meanwhile: what was typed is kept, and the form shown again.

For a short time (portal.accounts.short_lived), and only for the user who typed it; for whoever signs in next if that is
not known, because the session had ended. Passwords, codes and files are never kept.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from portal.accounts import short_lived
from portal.ui import kept

MINUTES = 20
LARGEST = 50_000  # characters
OWN_ACCOUNT = "/accounts/"
_SECRET = ("password", "csrfmiddlewaretoken", "secret")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
NAME = "kept-text"


def keep(request: HttpRequest, user: int | None) -> str:
    """Store what a POST says that is not carried out; returns the address of the page of its form.

    Says whether it is kept: not of the own account's forms, and not what is too long.
    """
    page = _page_of(request)
    if not is_step(request):
        return page
    values = QueryDict(mutable=True)
    for name, texts in request.POST.lists():
        if not any(word in name.lower() for word in _SECRET):
            values.setlist(name, texts)
    text = values.urlencode()
    paths = [urlsplit(page).path, request.path]
    step = {"user": user, "page": page, "paths": paths, "values": text, "is_lost": False}
    can_be_kept = not request.path.startswith(OWN_ACCOUNT) and len(text) <= LARGEST
    if can_be_kept and short_lived.put(request, NAME, step, minutes=MINUTES):
        messages.warning(request, _("刚才那一步没有做成。您填的内容还在，登录以后回到那一页，看一遍再交一次。"))
    else:
        messages.warning(request, _("刚才那一步没有做成，填的内容没有留下。登录以后请再填一次。"))
    return page


def is_step(request: HttpRequest) -> bool:
    """A form that somebody sent; what a script sends it keeps itself."""
    return request.method == "POST" and request.content_type in _FORMS


def middleware(get_response):
    """After the middlewares that end a session."""

    def respond(request: HttpRequest) -> HttpResponse:
        found = _found(request)
        is_here = bool(found) and request.method == "GET" and (request.path in found["paths"] or found["is_lost"])
        values = QueryDict(found["values"]) if found and is_here else None
        kept.show(kept.Kept(found["page"], values) if found else None)
        try:
            response = get_response(request)
        finally:
            kept.show(None)
        if is_here and response.status_code in (404, 405) and not found["is_lost"]:
            # The page is gone, or was only an address that takes forms: the next page shows what was written.
            short_lived.change(request.session, NAME, found | {"is_lost": True})
            return redirect(settings.LOGIN_REDIRECT_URL)
        if is_here and not 300 <= response.status_code < 400:
            # Shown once: the next time the page is opened it is for somebody else.
            short_lived.drop(request.session, NAME)
        return response

    return respond


def _found(request: HttpRequest) -> dict | None:
    # Only of who is signed in: an anonymous page reads no session.
    if not request.user.is_authenticated or not (found := short_lived.get(request.session, NAME)):
        return None
    if found["user"] not in (None, request.user.pk):
        short_lived.drop(request.session, NAME)
        return None
    return found


def _page_of(request: HttpRequest) -> str:
    """Where the form stands: the page that htmx or the browser names, else the address that it was sent to."""
    named = request.htmx.current_url if request.htmx else request.headers.get("Referer", "")
    if named and url_has_allowed_host_and_scheme(named, {request.get_host()}):
        parts = urlsplit(named)
        if parts.path and not parts.path.startswith(OWN_ACCOUNT):
            return f"{parts.path}{'?' if parts.query else ''}{parts.query}"
    return request.get_full_path()
