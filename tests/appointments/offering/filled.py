"""The fields of a page's form as a browser sends them back."""

from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._inside, self._select, self._text = False, "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = said.get("class", "").startswith("form")
        elif not self._inside:
            return
        elif tag == "textarea":
            self._text = said["name"]
            self.fields[self._text] = [""]
        elif tag == "select":
            self._select = said["name"]
        elif tag == "option" and ("selected" in said or self._select not in self.fields):
            self.fields[self._select] = [said["value"]]
        elif tag == "input" and (said.get("type") not in ("checkbox", "radio") or "checked" in said):
            self.fields.setdefault(said["name"], []).append(said.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._text:
            self.fields[self._text] = [self.fields[self._text][0] + data.removeprefix("\n")]

    def handle_endtag(self, tag: str) -> None:
        self._inside, self._text = self._inside and tag != "form", ""


def shown(answer) -> dict[str, list[str]]:
    fields = _Form(answer.content.decode()).fields
    fields.pop("csrfmiddlewaretoken", None)
    return fields


def materials(answer) -> list[str]:
    return [line for line in shown(answer)["materials"] if line]
