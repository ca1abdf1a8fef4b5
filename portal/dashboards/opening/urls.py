from django.urls import path

from portal.dashboards.opening import progress_views, views

urlpatterns = [
    path("manage/opening/", progress_views.progress, name="opening"),
    path("manage/opening/centers/", views.open_centers, name="opening_centers"),
    path("manage/opening/centers/unused/", views.take_back, name="opening_take_back"),
    path("manage/opening/hours/", views.many_hours, name="opening_hours"),
    path("manage/opening/hours/default/", views.standard_hours, name="default_hours"),
]
