from django.urls import path

from appointments.catalog import views as catalog

urlpatterns = [
    path("items/", catalog.items, name="items"),
    path("items/<slug:code>/", catalog.item, name="item"),
]
