from django.urls import include, path

from portal.dashboards import center_page
from portal.dashboards.look_up import views as look_up
from portal.dashboards.me import views as me

urlpatterns = [
    path("centers/<str:code>/", center_page.center, name="center"),
    path("bookings/", look_up.look_up, name="bookings"),
    path("me/", me.me, name="me"),
    path("me/cases/", me.cases, name="my_cases"),
    path("me/family/<int:pk>/end/", me.end_family, name="me_family_end"),
    path("me/messages/", me.inbox, name="inbox"),
    path("", include("portal.dashboards.account.urls")),
    path("", include("portal.dashboards.delivery.urls")),
    path("", include("portal.dashboards.manage.urls")),
    path("", include("portal.dashboards.people.urls")),
    path("", include("portal.dashboards.opening.urls")),
    path("", include("portal.dashboards.oversight.urls")),
    path("", include("portal.dashboards.providers.urls")),
    path("", include("portal.dashboards.search_engines.urls")),
]
