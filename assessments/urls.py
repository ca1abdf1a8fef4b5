from django.urls import path

from assessments.views import public, reading

urlpatterns = [
    path("rate/", public.by_code, name="rate_by_code"),
    path("rate/thanks/", public.rated, name="rated"),
    path("rate/<str:token>/", public.rate, name="rate"),
    path("manage/ratings/", reading.ratings, name="manage_ratings"),
    path("manage/ratings/read/", reading.have_read, name="manage_ratings_read"),
]
