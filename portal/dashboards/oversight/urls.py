from django.urls import path

from portal.dashboards.oversight import boards, case_views, views

urlpatterns = [
    path("start/", views.landing, name="start"),
    path("oversight/", views.oversight, name="oversight"),
    path("oversight/rows/", views.rows, {"board": boards.OVERVIEW}, name="oversight_rows"),
    path("oversight/cases/", case_views.board, name="oversight_cases"),
    path("oversight/cases/rows/", views.rows, {"board": boards.CASES}, name="oversight_case_rows"),
]
