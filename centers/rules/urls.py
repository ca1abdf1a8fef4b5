from django.urls import path

from centers.rules import views

urlpatterns = [
    path("manage/rules/", views.rule_list, name="rules"),
    path("manage/rules/print/", views.rules_paper, name="rules_paper"),
    path("manage/rules/undo/<int:pk>/", views.undo, name="rule_undo"),
    path("manage/rules/<slug:name>/", views.rule, name="rule"),
]
