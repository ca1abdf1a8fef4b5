from django.urls import path

from appointments.cases.views import acting, listing, opening, public
from appointments.cases.views import detail as case

urlpatterns = [
    path("desk/cases/", listing.board, name="desk_cases"),
    path("desk/cases/new/", opening.who, name="desk_case_who"),
    path("desk/cases/new/<int:resident>/", opening.what, name="desk_case_item"),
    path("desk/cases/new/<int:resident>/<slug:item>/", opening.checklist, name="desk_case_open"),
    path("desk/cases/from/<int:pk>/", opening.from_appointment, name="desk_case_from"),
    path("desk/cases/<int:pk>/", case.detail, name="desk_case"),
    path("desk/cases/<int:pk>/notice/", case.notice, name="desk_case_notice"),
    path("desk/cases/<int:pk>/receipt/", case.receipt, name="desk_case_receipt"),
    path("desk/cases/<int:pk>/papers/<int:material>/", acting.tick, name="desk_case_paper"),
    path("desk/cases/<int:pk>/do/<slug:step>/", acting.act, name="desk_case_step"),
    path("cases/<slug:link>/", public.progress, name="case"),
    path("cases/<slug:link>/again/", public.again, name="case_again"),
]
