"""`/api/v1/`: the REST API over the same services as the pages, for a county's systems and call center (docs/api.md).

Routers come from settings.API_ROUTERS, so that the project root imports no app.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, re_path
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from portal.anonymous import anonymous_read


class PortalAPI(NinjaAPI):
    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Valid OpenAPI 3.1, which client generators insist on.

        Ninja repeats a schema's list of examples beside it, where OpenAPI knows only a map of them.
        """
        schema = super().get_openapi_schema(**options)
        for call in (call for calls in schema["paths"].values() for call in calls.values()):
            for parameter in call.get("parameters", ()):
                parameter.pop("examples", None)
        return schema


api = PortalAPI(
    title="家门口 API",
    version="1.0.0",
    description='查中心、查空位、预约、改时间、取消。错误都是 {"code", "message"};时间是带时区的 ISO 8601。',
    urls_namespace="api",
    docs_url="docs",  # Swagger UI with scripts of our own server (templates/ninja/swagger.html)
    servers=[{"url": settings.SITE_URL}],
)
problem, not_found = import_string("portal.ui.api.problem"), import_string("portal.ui.api.not_found")


def json_only(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Around every call that may change something.

    A page of another site can have a browser send text or a form, or nothing, to us without asking; not JSON. So no
    site uses its visitors' addresses to guess codes and cancel bookings.
    """

    @wraps(run)
    def answered(request: HttpRequest, **parameters: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD") and request.content_type != "application/json":
            return problem(415, "json_needed", _("请求的内容要是 JSON，Content-Type 写 application/json。"))
        return run(request, **parameters)

    return answered


import_string("portal.ui.api.set_up")(api)
api.add_decorator(json_only, mode="view")
for router in settings.API_ROUTERS:
    api.add_router("", router)


def public(view):
    """Exempt from login and CSRF (token authentication); 405 responses get the API's error format."""

    @login_not_required
    @wraps(view, updated=())
    def answered(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            return not_found(request)
        if response.status_code != 405:
            return response
        refused = problem(405, "method_not_allowed", _("这个地址不接受这种请求。"))
        refused["Allow"] = response["Allow"]
        return refused

    answered.csrf_exempt = True  # no cookie authentication, and JSON only
    return answered


# Reads that are the same for everybody; with a token they go the long way.
READS = {"centers", "center", "slots"}

calls, _app, namespace = api.urls
for call in calls:
    call.callback = public(call.callback)
    if call.name in READS:
        call.callback = anonymous_read(call.callback)
urlpatterns = [path("", (calls, "ninja", namespace)), re_path("", public(not_found))]
