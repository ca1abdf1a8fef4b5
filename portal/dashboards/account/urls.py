from django.urls import path

from portal.dashboards.account import own_views, views

urlpatterns = [
    path("me/account/", views.account, name="account"),
    path("me/account/number/", views.number, name="account_number"),
    path("me/account/number/code/", views.number_code, name="account_number_code"),
    path("me/account/erase/", own_views.erase, name="account_erase"),
    path("me/account/erased/<slug:when>/", own_views.erased, name="account_erased"),
    path("me/data/", own_views.uses, name="me_data"),
    path("me/data/all/", own_views.everything, name="me_data_all"),
    path("me/data/file/", own_views.file, name="me_data_file"),
    path("me/data/<slug:purpose>/", own_views.consent, name="me_consent"),
]
