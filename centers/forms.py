from django.utils.translation import gettext_lazy as _

from portal.ui.forms import Form, TextField


class FindForm(Form):
    """Search by a village's name, its pinyin or initials, or a division code."""

    q = TextField(label=_("您在哪个村？"), max_length=50, required=False)

    @property
    def words(self) -> str:
        return self.cleaned_data["q"] if self.is_valid() else ""
