from django.urls import path

from portal.dashboards.people import views

urlpatterns = [
    path("desk/people/<int:pk>/", views.person, name="desk_person"),
    path("desk/people/<int:pk>/correct/", views.correct, name="desk_correct"),
    path("desk/people/corrections/<int:pk>/undo/", views.undo, name="desk_correct_undo"),
    path("desk/people/<int:pk>/family/", views.register, name="desk_family"),
    path("desk/people/family/<int:pk>/<slug:step>/", views.step, name="desk_family_step"),
]
