from django.urls import path

from portal.dashboards.account import views

urlpatterns = [
    path("me/account/", views.account, name="account"),
    path("me/account/number/", views.number, name="account_number"),
    path("me/account/number/code/", views.number_code, name="account_number_code"),
]
