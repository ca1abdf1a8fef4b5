"""The access matrix as data: one line per URL and method, one letter per role (A1).

    s  redirect to sign-in      2  200 or 204                 -  403, signed in without the permission
    >  redirect elsewhere       !  404                        x  405, method not allowed
    t  401, token required      ?  400 or 422, invalid input  c  409, conflict

Read `desk_appointment` as: anonymous users are redirected to sign-in; villagers, other divisions and the county get
404; users who work at the village or oversee it get the page. `name?query` is the same URL with a query string, see
`World.queries`. Every object is of our village (tests/access/world.py).
"""

from functools import cache

from tests.access import matrix_admin, matrix_duty

ROLES = (
    "anonymous",
    "villager",  # whose booking it is
    "neighbour",  # of the same village
    "faraway",  # of another village
    "son",  # linked to the villager
    "cadre",
    "other_cadre",
    "manager",
    "township",
    "other_township",
    "county",
    "disabled",  # was the cadre of this village; the account is deactivated
    "revoked",  # was the cadre of this village; the role is revoked
    "admin_staff",  # an official of our township with is_staff and all Django permissions
    "other_admin_staff",  # the same of the other township
    "admin",
)

# address, GET, POST
PAGES = """
healthz                         2222222222222222  xxxxxxxxxxxxxxxx
robots                          2222222222222222  xxxxxxxxxxxxxxxx
sitemap                         2222222222222222  xxxxxxxxxxxxxxxx
sitemap_pages                   2222222222222222  xxxxxxxxxxxxxxxx
sitemap_centers                 2222222222222222  xxxxxxxxxxxxxxxx
favicon                         2222222222222222  xxxxxxxxxxxxxxxx
security_txt                    2222222222222222  xxxxxxxxxxxxxxxx
readyz                          2222222222222222  xxxxxxxxxxxxxxxx
metrics                         2222222222222222  xxxxxxxxxxxxxxxx
api:openapi-json                2222222222222222  2222222222222222
api:openapi-view                2222222222222222  2222222222222222
api:centers                     2222222222222222  xxxxxxxxxxxxxxxx
api:center                      2222222222222222  xxxxxxxxxxxxxxxx
api:slots                       ????????????????  xxxxxxxxxxxxxxxx
api:slots?item                  2222222222222222  xxxxxxxxxxxxxxxx
api:book                        xxxxxxxxxxxxxxxx  ????????????????
api:look_up                     ????????????????  xxxxxxxxxxxxxxxx
api:look_up?phone               2222222222222222  xxxxxxxxxxxxxxxx
api:cancel                      xxxxxxxxxxxxxxxx  ????????????????
api:move                        xxxxxxxxxxxxxxxx  ????????????????
api:notes                       2222222222222222  xxxxxxxxxxxxxxxx
api:api-root                    !!!!!!!!!!!!!!!!  !!!!!!!!!!!!!!!!
look                            xxxxxxxxxxxxxxxx  >>>>>>>>>>>>>>>>
styleguide                      2222222222222222  xxxxxxxxxxxxxxxx
asset                           2222222222222222  xxxxxxxxxxxxxxxx
account_erase                   s>>>>222222s>222  s>>>>222222s>222
account_erased                  2222222222222222  xxxxxxxxxxxxxxxx
me_data                         s2222222222s2222  sxxxxxxxxxxsxxxx
me_data_all                     s2222222222s2222  sxxxxxxxxxxsxxxx
me_data_file                    s2222222222s2222  sxxxxxxxxxxsxxxx
me_consent                      sxxxxxxxxxxsxxxx  s!!!!!!!!!!s!!!!
home                            2222222222222222  xxxxxxxxxxxxxxxx
centers                         2222222222222222  xxxxxxxxxxxxxxxx
center                          2222222222222222  xxxxxxxxxxxxxxxx
book                            2222222222222222  xxxxxxxxxxxxxxxx
book_time                       2222222222222222  xxxxxxxxxxxxxxxx
book_who                        2222222222222222  2>>>>22222222222
bookings                        2222222222222222  2222222222222222
booking                         2222222222222222  xxxxxxxxxxxxxxxx
booking_print                   2222222222222222  xxxxxxxxxxxxxxxx
booking_ics                     2222222222222222  xxxxxxxxxxxxxxxx
booking_move                    2222222222222222  2222222222222222
booking_cancel                  2222222222222222  >>>>>>>>>>>>>>>>
case                            2222222222222222  xxxxxxxxxxxxxxxx
case_again                      2222222222222222  >>>>>>>>>>>>>>>>
my_cases                        s2222222222s2222  sxxxxxxxxxxsxxxx
account                         s2222222222s2222  sxxxxxxxxxxsxxxx
account_number                  s>>>>>>>>>>s>>>>  s>>>>>>>>>>s>>>>
account_number_code             s>>>>>>>>>>s>>>>  s>>>>>>>>>>s>>>>
me                              s2222222222s2222  sxxxxxxxxxxsxxxx
inbox                           s2222222222s2222  sxxxxxxxxxxsxxxx
desk                            s----22222-s-22-  sxxxxxxxxxxsxxxx
desk?ours                       s----2!22!-s-2!-  sxxxxxxxxxxsxxxx
desk_sheet                      s----222---s----  sxxxxxxxxxxsxxxx
desk_sheet?ours                 s----2!2---s----  sxxxxxxxxxxsxxxx
desk_sheet_worker               2222222222222222  xxxxxxxxxxxxxxxx
desk_sheet_data                 s----222---s----  sxxxxxxxxxxsxxxx
desk_sheet_data?ours            s----2!2---s----  sxxxxxxxxxxsxxxx
desk_sheet_marks                sxxxxxxxxxxsxxxx  s----???---s----
desk_sheet_marks?ours           sxxxxxxxxxxsxxxx  s----?!?---s----
desk_sheet_left                 s----222---s----  sxxxxxxxxxxsxxxx
desk_sheet_left?ours            s----2!2---s----  sxxxxxxxxxxsxxxx
desk_sheet_settle               sxxxxxxxxxxsxxxx  s!!!!>!>-!!s!-!!
desk_print                      s----22222-s-22-  sxxxxxxxxxxsxxxx
desk_print?ours                 s----2!22!-s-2!-  sxxxxxxxxxxsxxxx
desk_book                       s----222---s----  s----222---s----
desk_book?ours                  s----2!2---s----  s----2!2---s----
desk_book_item                  s----2!2---s----  sxxxxxxxxxxsxxxx
desk_book_time                  s----2!2---s----  s----2!2---s----
desk_appointment                s!!!!2!22!!s!2!!  sxxxxxxxxxxsxxxx
desk_booked                     s!!!!2!2-!!s!-!!  sxxxxxxxxxxsxxxx
desk_move                       s!!!!2!2-!!s!-!!  s!!!!c!c-!!s!-!!
desk_cancel                     s!!!!2!2-!!s!-!!  s!!!!2!2-!!s!-!!
desk_mark                       sxxxxxxxxxxsxxxx  s!!!!>!>-!!s!-!!
desk_cases                      s----22222-s-22-  sxxxxxxxxxxsxxxx
desk_cases?ours                 s----2!22!-s-2!-  sxxxxxxxxxxsxxxx
desk_case_who                   s----222---s----  s----222---s----
desk_case_who?ours              s----2!2---s----  s----2!2---s----
desk_case_item                  s----2!2---s----  sxxxxxxxxxxsxxxx
desk_case_open                  s----2!2---s----  s----2!2---s----
desk_case_from                  s!!!!2!2-!!s!-!!  s!!!!2!2-!!s!-!!
desk_case                       s!!!!2!22!!s!2!!  sxxxxxxxxxxsxxxx
desk_case_notice                s!!!!2!22!!s!2!!  sxxxxxxxxxxsxxxx
desk_case_receipt               s!!!!2!22!!s!2!!  sxxxxxxxxxxsxxxx
desk_case_paper                 sxxxxxxxxxxsxxxx  s!!!!>!>-!!s!-!!
desk_case_step                  s!!!!2!>>!!s!>!!  s!!!!2!2-!!s!-!!
desk_news                       s----22222-s-22-  sxxxxxxxxxxsxxxx
desk_news?ours                  s----2!22!-s-2!-  sxxxxxxxxxxsxxxx
desk_people                     s----222---s----  sxxxxxxxxxxsxxxx
desk_person                     s----2!2---s----  sxxxxxxxxxxsxxxx
desk_correct                    s----2!2---s----  s----2!2---s----
desk_correct_undo               sxxxxxxxxxxsxxxx  s---->!>---s----
desk_family                     s----2!2---s----  s----2!2---s----
desk_family_step                sxxxxxxxxxxsxxxx  s---->!>---s----
desk_join                       sxxxxxxxxxxsxxxx  s---->!>---s----
desk_seen                       sxxxxxxxxxxsxxxx  s---->!>---s----
desk_window                     sxxxxxxxxxxsxxxx  s---->>>---s----
desk_window?ours                sxxxxxxxxxxsxxxx  s---->!>---s----
desk_next                       sxxxxxxxxxxsxxxx  s---->>>---s----
desk_next?ours                  sxxxxxxxxxxsxxxx  s---->!>---s----
desk_tickets                    s----222---s----  s---->>>---s----
desk_tickets?ours               s----2!2---s----  s---->!>---s----
desk_ticket                     s!!!!2!22!!s!2!!  sxxxxxxxxxxsxxxx
desk_ticket_print               s!!!!2!2-!!s!-!!  sxxxxxxxxxxsxxxx
desk_ticket_call                sxxxxxxxxxxsxxxx  s!!!!>!>-!!s!-!!
desk_ticket_priority            sxxxxxxxxxxsxxxx  s!!!!>!>-!!s!-!!
desk_ticket_do                  sxxxxxxxxxxsxxxx  s!!!!>!>-!!s!-!!
desk_ticket_who                 s!!!!2!2-!!s!-!!  s!!!!>!>-!!s!-!!
desk_ticket_mark                sxxxxxxxxxxsxxxx  s!!!!>!>-!!s!-!!
ticket                          2222222222222222  xxxxxxxxxxxxxxxx
ticket_take                     2222222222222222  cccccccccccccccc
screen                          2222222222222222  xxxxxxxxxxxxxxxx
screen_calls                    2222222222222222  xxxxxxxxxxxxxxxx
items                           2222222222222222  xxxxxxxxxxxxxxxx
item                            2222222222222222  xxxxxxxxxxxxxxxx
delivery_board                  s----22222-s-22-  sxxxxxxxxxxsxxxx
delivery_again                  sxxxxxxxxxxsxxxx  s!!!!>!>-!!s!-!!
delivery_call                   s!!!!>!>-!!s!-!!  s!!!!>!>-!!s!-!!
delivery_called                 sxxxxxxxxxxsxxxx  s!!!!>!>-!!s!-!!
delivery_not_reached            sxxxxxxxxxxsxxxx  s!!!!>!>-!!s!-!!
delivery_undo                   sxxxxxxxxxxsxxxx  s!!!!>!>-!!s!-!!
wait                            2222222222222222  2>>>>22222222222
waiting                         2222222222222222  >>>>>>>>>>>>>>>>
answer                          2222222222222222  2222222222222222
answer_offer                    2222222222222222  >>>>>>>>>>>>>>>>
desk_waiting                    s----22222-s-22-  sxxxxxxxxxxsxxxx
desk_waiting?ours               s----2!22!-s-2!-  sxxxxxxxxxxsxxxx
desk_waiting_answer             sxxxxxxxxxxsxxxx  s!!!!>!>-!!s!-!!
desk_confirmed                  sxxxxxxxxxxsxxxx  s!!!!>!>-!!s!-!!
rate_by_code                    2222222222222222  2222222222222222
rated                           2222222222222222  xxxxxxxxxxxxxxxx
rate                            2222222222222222  2222222222222222
holidays                        s---------2s---2  sxxxxxxxxxxsxxxx
holidays_new                    s---------2s---2  s---------2s---2
holidays_sheet                  s---------2s---2  sxxxxxxxxxxsxxxx
holidays_enter                  sxxxxxxxxxxsxxxx  s--------->s--->
holidays_notice                 s---------2s---2  sxxxxxxxxxxsxxxx
holidays_undo                   s---------2s---2  s---------2s---2
manage_items                    s---------2s----  sxxxxxxxxxxsxxxx
manage_new_item                 s---------2s----  s---------?s----
manage_starters                 s---------2s----  s---------?s----
manage_item                     s---------2s----  sxxxxxxxxxxsxxxx
manage_edit_item                s---------2s----  s---------?s----
manage_end_item                 s---------2s----  s---------2s----
manage_resume_item              sxxxxxxxxxxsxxxx  s--------->s----
manage_start_item               sxxxxxxxxxxsxxxx  s--------->s----
manage_discard_item             s--------->s----  s--------->s----
manage_offered                  s-------22-s-22-  sxxxxxxxxxxsxxxx
manage_offered_item             s-------2!-s-2!-  sxxxxxxxxxxsxxxx
manage_offered_off              s-------2!-s-2!-  s-------2!-s-2!-
manage_offered_on               sxxxxxxxxxxsxxxx  s------->!-s->!-
rules                           s-------222s-222  sxxxxxxxxxxsxxxx
rules_paper                     s-------222s-222  sxxxxxxxxxxsxxxx
rule                            s-------222s-222  s-------222s-222
rule_undo                       s-------!!2s-!!!  s-------!!2s-!!!
providers                       s---------2s---2  sxxxxxxxxxxsxxxx
provider_test                   sxxxxxxxxxxsxxxx  s--------->s--->
manage                          s------2222s-222  sxxxxxxxxxxsxxxx
members                         s------2222s-222  sxxxxxxxxxxsxxxx
member_new                      s------>222s-222  s------>222s-222
member_new?ours                 s------22!2s-2!2  s------22!2s-2!2
member_slips                    s------2222s-222  s------2222s-222
member                          s------22!2s-2!2  sxxxxxxxxxxsxxxx
member_slip                     sxxxxxxxxxxsxxxx  s------>>!>s->!>
member_help                     s------>>!>s->!>  s------>>!>s->!>
member_number                   s------>>!>s->!>  s------>>!>s->!>
member_switch                   s------22!2s-2!2  s------22!2s-2!2
member_post                     s------22!2s-2!2  s------22!2s-2!2
member_end                      s------22!2s-2!2  s------>>!>s->!>
member_restore                  sxxxxxxxxxxsxxxx  s------>>!>s->!>
me_family_end                   s2!!2!!!!!!s!!!!  s>!!>!!!!!!s!!!!
sheets                          s------2222s-222  sxxxxxxxxxxsxxxx
sheet_kind                      s------2222s-222  s------2222s-222
sheet_template                  s------2222s-222  sxxxxxxxxxxsxxxx
sheet_upload                    s------!2!!s-!!!  s------!c!!s-!!!
sheet_errors                    s------!2!!s-!!!  sxxxxxxxxxxsxxxx
sheet_undo                      s------!>!!s-!!!  s------!>!!s-!!!
start                           s>>>>>>>>>>s>>>>  sxxxxxxxxxxsxxxx
opening                         s------2222s-22-  sxxxxxxxxxxsxxxx
opening_centers                 s-------222s-22-  s-------???s-??-
opening_take_back               s-------222s-22-  s-------???s-??-
opening_hours                   s-------222s-22-  s-------???s-??-
default_hours                   s-------222s-22-  s-------???s-??-
oversight                       s-------222s-22-  sxxxxxxxxxxsxxxx
oversight?ours                  s-------2!2s-2!-  sxxxxxxxxxxsxxxx
oversight_cases                 s-------222s-22-  sxxxxxxxxxxsxxxx
oversight_cases?ours            s-------2!2s-2!-  sxxxxxxxxxxsxxxx
oversight_case_rows             s!!!!!!!!!!s!!!!  sxxxxxxxxxxsxxxx
oversight_case_rows?open        s-------222s-22-  sxxxxxxxxxxsxxxx
oversight_case_rows?speed       s-------222s-22-  sxxxxxxxxxxsxxxx
oversight_case_rows?ours        s-------2!2s-2!-  sxxxxxxxxxxsxxxx
oversight_rows                  s!!!!!!!!!!s!!!!  sxxxxxxxxxxsxxxx
oversight_rows?booked           s-------222s-22-  sxxxxxxxxxxsxxxx
oversight_rows?ours             s-------2!2s-2!-  sxxxxxxxxxxsxxxx
oversight_rows?center           s-------2!2s-2!-  sxxxxxxxxxxsxxxx
guestbook                       s2222222222s2222  sxxxxxxxxxxsxxxx
receipts                        xxxxxxxxxxxxxxxx  !!!!!!!!!!!!!!!!
account_login                   2>>>>>>>>>>2>>>>  2>>>>>>>>>>2>>>>
account_request_login_code      2>>>>>>>>>>2>>>>  2>>>>>>>>>>2>>>>
account_confirm_login_code      s>>>>>>>>>>s>>>>  s>>>>>>>>>>s>>>>
invited_enter                   2222222222222222  2222222222222222
invited                         2222222222222222  2222222222222222
account_logout                  >2222222222>2222  >>>>>>>>>>>>>>>>
account_inactive                2222222222222222  xxxxxxxxxxxxxxxx
account_reauthenticate          s2222222222s2222  s2222222222s2222
account_change_password         s2222222222s2222  s2222222222s2222
account_set_password            s>>>>>>>>>>s>>>>  s>>>>>>>>>>s>>>>
account_reset_password          2222222222222222  xxxxxxxxxxxxxxxx
mfa_index                       s2222222222s2222  sxxxxxxxxxxsxxxx
mfa_authenticate                s>>>>>>>>>>s>>>>  s>>>>>>>>>>s>>>>
mfa_reauthenticate              s>>>>>>>>>>s>>>>  s>>>>>>>>>>s>>>>
mfa_activate_totp               s>>>>>>>>>>s>>>>  s>>>>>>>>>>s>>>>
mfa_deactivate_totp             s!!!!!!!!!!s!!!!  s!!!!!!!!!!s!!!!
mfa_view_recovery_codes         s!!!!!!!!!!s!!!!  sxxxxxxxxxxsxxxx
mfa_generate_recovery_codes     s>>>>>>>>>>s>>>>  s>>>>>>>>>>s>>>>
mfa_download_recovery_codes     s!!!!!!!!!!s!!!!  s!!!!!!!!!!s!!!!
usersessions_list               s2222222222s2222  s>>>>>>>>>>s>>>>
"""


@cache
def lines() -> list[tuple[str, str, str, str]]:
    """Each expectation: (address, method, role, letter)."""
    said = [(line, ROLES, "") for line in (PAGES + matrix_duty.PAGES).split("\n") if line]
    admin_pages = matrix_admin.ADMIN_PAGES + matrix_duty.ADMIN_PAGES
    said += [(line, matrix_admin.ADMIN_ROLES, "admin:") for line in admin_pages.split("\n") if line]
    return [
        (before + line.split()[0], method, role, letter)
        for line, roles, before in said
        for method, letters in zip(("get", "post"), line.split()[1:], strict=True)
        for role, letter in zip(roles, letters, strict=True)
    ]
