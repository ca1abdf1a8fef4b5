from django.urls import path

from portal.dashboards.providers import views

urlpatterns = [
    path("manage/providers/", views.providers, name="providers"),
    path("manage/providers/<slug:channel>/test/", views.test, name="provider_test"),
]
