from django.urls import include, path

from centers.views import public

urlpatterns = [
    path("", public.home, name="home"),
    path("centers/", public.centers, name="centers"),
    path("", include("centers.duty.urls")),
    path("", include("centers.holidays.urls")),
    path("", include("centers.rules.urls")),
]
