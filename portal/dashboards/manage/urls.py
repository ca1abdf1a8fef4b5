from django.urls import path

from portal.dashboards.manage import views

urlpatterns = [path("manage/", views.manage, name="manage")]
