from django.urls import path

from portal.dashboards import views

urlpatterns = [
    path("start/", views.landing, name="start"),
    path("oversight/", views.oversight, name="oversight"),
    path("oversight/rows/", views.rows, name="oversight_rows"),
]
