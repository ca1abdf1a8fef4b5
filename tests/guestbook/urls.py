from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe


@require_safe
def guestbook(request: HttpRequest) -> HttpResponse:
    return HttpResponse("留言簿")


urlpatterns = [path("guestbook/", guestbook, name="guestbook")]
