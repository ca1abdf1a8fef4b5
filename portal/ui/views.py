"""Views of the layout: display preferences, bundles, styleguide and error page."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from portal.ui import assets, context_processors, outages, styleguide
from portal.ui.appearance import CHOICES, remember_choice
from portal.ui.errors import refusal_of
from portal.ui.responses import status_of


@login_not_required
@csrf_exempt  # so that no page needs a cookie for it; it changes how pages look, and nothing else
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    onward = request.POST.get("next", "")
    # Local paths only (open redirect); anything that is no path, `redirect` would resolve as a view name.
    if not (onward.startswith("/") and onward.isprintable() and url_has_allowed_host_and_scheme(onward, None)):
        onward = "/"
    response = HttpResponseRedirect(onward)
    for name in CHOICES.keys() & request.POST.keys():
        remember_choice(response, name, request.POST[name])
    return response


@login_not_required
@require_safe
def asset(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    try:
        bundle = assets.bundle(name)
    except KeyError:
        raise Http404 from None
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(bundle.gzipped if zipped else bundle.body, content_type=bundle.content_type)
    if zipped:
        response["Content-Encoding"] = "gzip"
    # A page from before a deployment may request the old digest: it gets the current file, uncached.
    response["Cache-Control"] = "public, max-age=31536000, immutable" if digest == bundle.digest else "no-cache"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@login_not_required
@require_safe
def styleguide_page(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/styleguide.html", styleguide.examples(request))


def server_error(request: HttpRequest) -> HttpResponse:
    """The 500 page, or 503 for a database outage, 409 for a broken rule. Uses no database, which may be down."""
    # Django calls handler500 inside the except block without passing the exception.
    error, context = sys.exc_info()[1], context_processors.look(request)
    if outage := outages.outage_of(error):
        return outages.page(request, outage)
    if refusal := refusal_of(error):
        page = render_to_string("errors/409.html", context | {"refusal": str(refusal)})
        return HttpResponse(page, status=status_of(refusal))
    return HttpResponse(render_to_string("500.html", context), status=500)
