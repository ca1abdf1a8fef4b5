from django.urls import path

from portal.notifications import views

urlpatterns = [
    path("receipts/", views.receipts, name="receipts"),
]
