from django.urls import path

from centers.views import public

urlpatterns = [
    path("", public.home, name="home"),
    path("centers/", public.centers, name="centers"),
]
