from django.urls import path

from assessments.views import public

urlpatterns = [
    path("rate/", public.by_code, name="rate_by_code"),
    path("rate/thanks/", public.rated, name="rated"),
    path("rate/<str:token>/", public.rate, name="rate"),
]
