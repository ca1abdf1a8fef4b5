from django.urls import path

from centers.holidays import views

urlpatterns = [
    path("holidays/", views.holidays, name="holidays"),
    path("holidays/new/", views.new, name="holidays_new"),
    path("holidays/sheet/", views.sheet, name="holidays_sheet"),
    path("holidays/enter/", views.enter, name="holidays_enter"),
    path("holidays/<int:pk>/", views.notice, name="holidays_notice"),
    path("holidays/<int:pk>/undo/", views.undo, name="holidays_undo"),
]
