import pytest
from django.core.exceptions import ValidationError

from portal.accounts.phones import PhoneField


@pytest.mark.parametrize(
    "typed",
    ["13800005678", " 138 0000 5678 ", "138-0000-5678", "+86 13800005678", "008613800005678", "１３８００００５６７８"],
)
def test_a_number_is_understood_however_it_is_typed(typed):
    assert PhoneField().clean(typed) == "13800005678"


@pytest.mark.parametrize("typed", ["", "1380000567", "138000056789", "12800005678", "张三", "1380000567\x00", "٠" * 11])
def test_what_is_no_mobile_number_is_refused(typed):
    with pytest.raises(ValidationError):
        PhoneField().clean(typed)
