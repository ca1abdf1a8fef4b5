from django.urls import include, path

from centers.views import public

urlpatterns = [
    path("", public.home, name="home"),
    path("centers/", public.centers, name="centers"),
    path("", include("centers.duty.urls")),
    path("", include("centers.holidays.urls")),
    path("", include("centers.members.urls")),
    path("", include("centers.places.urls")),
    path("", include("centers.sheets.urls")),
    path("", include("centers.rules.urls")),
]
