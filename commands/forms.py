"""Forms made from the registry, filled with what was already given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from commands.context import Context
from commands.registry import Arg, Command, Subcommand
from domain.messages import Form, FormField, Inline, Option, T


def form_for(
    ctx: Context,
    command: Command,
    sub: Subcommand,
    values: Mapping[str, str],
    errors: Mapping[str, Inline] | None = None,
) -> Form:
    """The subcommand's own form, or the one that follows from its arguments.

    :param values: what stands in the fields at first, by name.
    :param errors: shown beside the fields.
    """
    form = sub.form(ctx, values) if sub.form else default_form(command, sub)
    fields = tuple(_filled(f, values, errors or {}) for f in form.fields)
    return replace(form, fields=fields)


def default_form(command: Command, sub: Subcommand) -> Form:
    """One field per argument."""
    return Form(
        command=f"{command.name} {sub.name}",
        title=sub.summary,
        fields=tuple(field_for(arg) for arg in sub.args),
        submit=T("core.submit"),
    )


def field_for(arg: Arg) -> FormField:
    """The form field that asks for an argument."""
    return FormField(
        name=arg.name,
        label=arg.label,
        kind=arg.field_kind,
        required=arg.required,
        options=tuple(Option(c.value, c.label) for c in arg.choices),
        help=arg.help,
    )


def _filled(field: FormField, values: Mapping[str, str], errors: Mapping[str, Inline]) -> FormField:
    return replace(field, value=values.get(field.name, field.value), error=errors.get(field.name))


def asked_again(form: Form, values: Mapping[str, str]) -> Form:
    """A form that follows from a submitted one; where it is the same, it says what it lacks.

    The next step of a dialog has fields that nobody could fill in yet, and stays as it is.

    :param values: what was submitted: nothing of it is lost.
    """
    same = all(f.name in values for f in form.fields) and not any(f.error for f in form.fields)
    empty = [f.name for f in form.fields if f.required and not values.get(f.name, "").strip()]
    if not same or not empty:
        return form
    wrong = dict.fromkeys(empty, T("core.field_required"))
    return replace(form, fields=tuple(_filled(f, values, wrong) for f in form.fields))
