"""Errors of the domain's rules, with messages that a person can act on.

Services raise `RuleBroken`; views turn it into a form error. `explain` converts a violated database constraint, the
last line of defence of a rule, into a RuleBroken with the constraint's own message.
"""

import re

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _


class RuleBroken(Exception):
    """A rule of the domain is violated.

    message   a Chinese sentence: what happened and what to do now (may hold %(name)s of params)
    code      stable identifier for programs and tests: "slot_full"
    field     name of the form's field that it belongs to, if one
    params    values for the sentence and for programs
    """

    message = _("这一步没有办成，您填的内容还在。请看看再试一次。")
    code = "rule_broken"
    field: str | None = None

    def __init__(self, message=None, *, code: str | None = None, field: str | None = None, **params):
        self.message = message or self.message
        self.code = code or self.code
        self.field = field or self.field
        self.params = params
        super().__init__(self.message)

    def __str__(self) -> str:
        message = str(self.message)
        return message % self.params if self.params else message

    def add_to(self, form: BaseForm) -> None:
        """Add the error to the form: at its field if the form has it, else as a non-field error."""
        field = self.field if self.field in form.fields else None
        form.add_error(field, ValidationError(str(self), code=self.code))


class TooMany(RuleBroken):
    message = _("今天已经到上限了。请明天再来，或者打电话给中心。")
    code = "too_many"


class NotAllowed(RuleBroken):
    message = _("您的账号不能做这件事。需要的话，请上一级来做。")
    code = "not_allowed"


class Changed(RuleBroken):
    """Conflict: the object was changed since the page was opened."""

    message = _("这条记录刚刚被别人改过了。请看看最新的情况再决定。")
    code = "changed"


def explain(error: IntegrityError | ValidationError) -> RuleBroken:
    """The RuleBroken for a violated constraint or failed validation, with the constraint's message.

    Re-raises the error when it is not about a constraint of ours: that is a bug and not a rule.
    """
    if isinstance(error, ValidationError):
        return _of_validation(error)
    constraint = constraint_of(error)
    if constraint is None:
        raise error
    message, code = _words(constraint)
    return RuleBroken(message, code=code, field=_only_field(constraint))


def refusal_of(error: BaseException | None) -> RuleBroken | None:
    """What an error that nobody has caught says of a rule; None for bugs.

    A page reads and then writes: somebody else may come between, and the last line of defence of a rule refuses it.
    """
    if isinstance(error, RuleBroken):
        return error
    if not isinstance(error, IntegrityError):
        return None
    if constraint_of(error) is not None:
        return explain(error)
    # A column that is unique by itself, or a row that is gone to which this one points.
    code, text = getattr(error.__cause__, "pgcode", None), str(error)
    is_overtaken = code in ("23505", "23503") or text.startswith(("UNIQUE constraint", "FOREIGN KEY constraint"))
    return Changed() if is_overtaken else None


def constraint_of(error: IntegrityError) -> models.BaseConstraint | None:
    """The violated model constraint: on PostgreSQL by name, on SQLite by name or columns."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is not None:
        return _named(diagnosis.constraint_name or "")
    text = str(error)
    # SQLite reports names of CHECK constraints and unique expression indexes, but only columns of unique constraints.
    if found := re.match(r"(?:CHECK|UNIQUE) constraint failed: (?:index ')?(\w+)'?$", text):
        return _named(found[1])
    if found := re.match(r"UNIQUE constraint failed: (.+)$", text):
        return _unique_over([part.split(".") for part in found[1].split(", ")])
    return None


def _of_validation(error: ValidationError) -> RuleBroken:
    if hasattr(error, "error_dict"):
        field, (first, *_rest) = next(iter(error.error_dict.items()))
        field = None if field == NON_FIELD_ERRORS else field
    else:
        field, first = None, error.error_list[0]
    return RuleBroken(first.messages[0], code=first.code or "invalid", field=field)


def _all_constraints():
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            yield model, constraint


def _named(name: str) -> models.BaseConstraint | None:
    return next((constraint for _model, constraint in _all_constraints() if constraint.name == name), None)


def _unique_over(columns: list[list[str]]) -> models.UniqueConstraint | None:
    table, wanted = columns[0][0], {column for _table, column in columns}
    for model, constraint in _all_constraints():
        if model._meta.db_table == table and _columns(model, constraint) == wanted:
            return constraint
    return None


def _columns(model: type[models.Model], constraint: models.BaseConstraint) -> set[str]:
    if not isinstance(constraint, models.UniqueConstraint):
        return set()
    return {model._meta.get_field(name).column for name in constraint.fields}


def _words(constraint: models.BaseConstraint) -> tuple[str, str]:
    own = constraint.violation_error_message
    default = constraint.default_violation_error_message
    message = RuleBroken.message if own == default else own % {"name": constraint.name}
    return message, constraint.violation_error_code or constraint.name


def _only_field(constraint: models.BaseConstraint) -> str | None:
    fields = getattr(constraint, "fields", ())
    return fields[0] if len(fields) == 1 else None
