"""管理: one page that leads to everything that somebody may set up."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from centers import managing


@require_GET
def manage(request: HttpRequest) -> HttpResponse:
    groups = managing.groups(request.user)
    if not groups:
        raise PermissionDenied
    return render(request, "dashboards/manage/manage.html", {"groups": groups})
