from tests.accounts.conftest import sign_in


def test_the_admin_pages_are_signed_in_to_like_all_others(client, admin):
    response = client.get("/admin/login/?next=/admin/")
    assert response["Location"] == "/accounts/login/?next=%2Fadmin%2F"


def test_the_old_door_takes_no_password(client, admin):
    client.post("/admin/login/", {"username": "root", "password": "open-sesame-9"})
    assert "_auth_user_id" not in client.session


def test_a_villager_may_not_enter(client, villager):
    sign_in(client, "zhang")
    assert client.get("/admin/login/").status_code == 403


def test_accounts_are_listed_without_phone_numbers(client, admin, villager):
    client.force_login(admin)
    page = client.get("/admin/accounts/user/").content.decode()
    assert "张桂兰" in page
    assert villager.phone not in page


def test_two_accounts_may_lack_a_phone(client, admin):
    client.force_login(admin)
    for name in ("one", "two"):
        client.post(
            "/admin/accounts/user/add/",
            {"username": name, "usable_password": "false", "phone": "", "name": ""},
        )
    assert type(admin).objects.filter(phone=None).count() == 3
