from django.urls import include, path

from benchmarks import views
from benchmarks.inside import statements

urlpatterns = [
    path("bare/json/<int:center>/", views.bare_json),
    path("bare/page/<int:center>/", views.bare_page),
    path("bare/signed-in/", views.bare_signed_in),
    path("bare/desk/<int:center>/", views.bare_desk),
    path("bare/book/", views.bare_book),
    path("bare/statements/", statements.again),
    path("", include("portal.urls")),
]
