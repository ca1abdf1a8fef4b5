from django.urls import path

from portal.ui import views

urlpatterns = [
    path("look/", views.look, name="look"),
    path("styleguide/", views.styleguide_page, name="styleguide"),
    path("assets/<slug:digest>/<str:name>", views.asset, name="asset"),
]
