"""Files that search engines, browsers and finders of vulnerabilities ask every site for."""

from collections.abc import Iterable
from datetime import UTC, timedelta
from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from appointments.catalog.models import ServiceItem
from centers.models import Center
from portal.anonymous import anonymous_read

# The protocol allows 50,000 addresses a file. So many are read in a few milliseconds, whatever the number of centers.
IN_A_FILE = 1000
SECURITY_TXT_DAYS = 180  # RFC 9116 wants less than a year


@anonymous_read
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return _text(render_to_string("dashboards/robots.txt", {"sitemap": _whole(reverse("sitemap"))}))


@anonymous_read
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index: pages and items in one file, centers in as many as it takes."""
    files = -(-_centers().count() // IN_A_FILE)
    paths = [reverse("sitemap_centers", args=[number]) for number in range(1, files + 1)]
    return _xml("dashboards/sitemap.xml", [reverse("sitemap_pages"), *paths])


@anonymous_read
@require_safe
def pages(request: HttpRequest) -> HttpResponse:
    items = ServiceItem.objects.current().order_by("code").values_list("code", flat=True).distinct()[:IN_A_FILE]
    paths = [reverse(name) for name in ("home", "centers", "items")]
    return _xml("dashboards/sitemap_file.xml", [*paths, *(reverse("item", args=[code]) for code in items)])


@anonymous_read
@require_safe
def centers(request: HttpRequest, number: int) -> HttpResponse:
    if not 1 <= number <= 100_000:
        raise Http404("no such file")
    codes = _centers().values_list("division__code", flat=True)[(number - 1) * IN_A_FILE : number * IN_A_FILE]
    paths = [reverse("center", args=[code]) for code in codes]
    if not paths:
        raise Http404("no such file")
    return _xml("dashboards/sitemap_file.xml", paths)


@anonymous_read
@require_safe
@cache_control(public=True, max_age=24 * 3600)
def favicon(request: HttpRequest) -> HttpResponse:
    """For whoever does not read the link to the icon in the page: bookmarks, search engines, pages of the admin."""
    return HttpResponse(_icon(), content_type="image/vnd.microsoft.icon")


@anonymous_read
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    expires = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=SECURITY_TXT_DAYS)
    lines = [f"Contact: {contact}" for contact in settings.SECURITY_CONTACTS]
    lines += [f"Expires: {expires.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", "Preferred-Languages: zh, en"]
    return _text("\n".join([*lines, f"Canonical: {_whole(reverse('security_txt'))}", ""]))


def _centers():
    return Center.objects.open_to_public().standing().order_by("pk")


@cache
def _icon() -> bytes:
    return (settings.BASE_DIR / "static" / "img" / "favicon.ico").read_bytes()


def _whole(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _text(content: str) -> HttpResponse:
    return HttpResponse(content, content_type="text/plain; charset=utf-8")


def _xml(template: str, paths: Iterable[str]) -> HttpResponse:
    content = render_to_string(template, {"addresses": [_whole(path) for path in paths]})
    return HttpResponse(content, content_type="application/xml; charset=utf-8")
