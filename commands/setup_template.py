"""``/setup template``: the company's own Word templates for minutes, change records and plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from commands.args import Args, FieldErrors
from commands.context import Context
from commands.forms import field_for
from commands.registry import Arg, ArgKind, Choice
from commands.setup import ADMINS, COMMAND
from domain.errors import NotFoundError, UserError
from domain.messages import (
    Action,
    Bullet,
    Bullets,
    Card,
    Form,
    Inline,
    Join,
    Para,
    Reply,
    T,
    say,
    whisper,
)

_ACTS = (Choice("remove", ("remove", "移除", "删除"), T("setup.template_remove")),)
_DOCUMENTS = (
    Choice("minutes", ("minutes", "纪要", "评审纪要"), T("setup.template_of_minutes")),
    Choice("change", ("change", "变更", "变更记录"), T("setup.template_of_change")),
    Choice("plan", ("plan", "计划", "产品计划"), T("setup.template_of_plan")),
)
_LANGUAGES = (
    Choice("zh", ("zh", "中文"), T("team.zh")),
    Choice("en", ("en", "英文", "english"), T("team.en")),
)
_ACT = Arg("act", "操作", ArgKind.CHOICE, T("setup.arg.template_act"), choices=_ACTS)
_DOCUMENT = Arg(
    "document", "文档", ArgKind.CHOICE, T("setup.arg.template_document"), choices=_DOCUMENTS
)
_LANGUAGE = Arg(
    "language", "语言", ArgKind.CHOICE, T("setup.arg.template_language"), choices=_LANGUAGES
)
_FILE = Arg("file", "文件", ArgKind.FILE, T("setup.arg.template_file"))
_ID = Arg("id", "编号", ArgKind.WORD, T("setup.arg.template_id"))


def _form(ctx: Context, values: Mapping[str, str]) -> Form:
    """Asks for the document and its file."""
    del ctx, values
    return Form(
        command="setup template",
        title=T("setup.sub.template"),
        fields=(
            replace(field_for(_DOCUMENT), required=True),
            field_for(_LANGUAGE),
            replace(field_for(_FILE), required=True),
        ),
        submit=T("core.submit"),
        intro=T("setup.template_intro"),
    )


@COMMAND.sub(
    "template",
    "模板",
    args=(_ACT, _DOCUMENT, _LANGUAGE, _FILE, _ID),
    roles=ADMINS,
    form=_form,
    examples=(
        ("设置 模板", "setup template"),
        ("设置 模板 纪要", "setup template minutes"),
        ("设置 模板 移除 纪要 中文", "setup template remove minutes en"),
    ),
)
def template(ctx: Context, args: Args) -> Reply:
    """Show whose templates are used, take a company's own, or go back to the shipped one."""
    kind, language = args.text("document"), args.text("language") or None
    if not kind:
        if ctx.request.values:
            raise FieldErrors({"document": T("core.field_required")})
        if args.raw:
            unknown = args.text("id") or args.text("act")
            raise UserError("setup.template_which", text=unknown[:40], known=_known())
        return Reply((_overview(ctx),), private=True)
    if args.text("act") == "remove":
        return _remove(ctx, kind, language)
    file_id = _given(ctx, args)
    try:
        ctx.services.templates.check(kind, ctx.services.files.get(file_id), language)
    except UserError as error:
        if args.file("file") is not None and ctx.request.values:
            raise FieldErrors({"file": error.text}) from error
        raise
    return _put(ctx, kind, language, file_id)


def _given(ctx: Context, args: Args) -> str:
    """The id of the file that came with the line, or that ``id`` names; else the form opens."""
    file = args.file("file")
    if file is not None:
        return file.file_id
    named = args.text("id")
    if not named:
        asked: dict[str, Inline] = {"file": T("core.field_required")} if ctx.request.values else {}
        raise FieldErrors(asked)
    if ctx.uow.files.get(named) is None:
        raise NotFoundError("setup.template_no_file", id=named[:40])
    return named


def _put(ctx: Context, kind: str, language: str | None, file_id: str) -> Reply:
    before = _remembered(ctx, kind, language)
    _remember(ctx, kind, language, file_id)
    undo = None
    if before is not None:
        undo = f"setup template {_words(kind, language)} id={before}"
    elif (kind, language) not in ctx.services.templates.own():
        undo = f"setup template remove {_words(kind, language)}"
    _queue(ctx, kind, language, file_id, undo)
    ctx.audit("setup:template:set", _subject(kind, language), old=before, new=file_id)
    return say("setup.template_checked", document=_label(kind, language))


def _remove(ctx: Context, kind: str, language: str | None) -> Reply:
    if (kind, language) not in ctx.services.templates.own():
        return whisper("setup.template_is_shipped", document=_label(kind, language))
    before = _remembered(ctx, kind, language)
    _remember(ctx, kind, language, None)
    undo = f"setup template {_words(kind, language)} id={before}" if before else None
    _queue(ctx, kind, language, None, undo)
    ctx.audit("setup:template:removed", _subject(kind, language), old=before)
    return say("setup.template_removing", document=_label(kind, language))


def _queue(
    ctx: Context, kind: str, language: str | None, file_id: str | None, undo: str | None
) -> None:
    payload = {
        "document": kind,
        "language": language,
        "file": file_id,
        "undo": undo,
        "person": ctx.me.id,
        "channel": ctx.channel.id if ctx.channel else None,
        "thread": ctx.request.thread,
    }
    ctx.uow.queue("template", "template", payload, ctx.now)


def _overview(ctx: Context) -> Card:
    own = ctx.services.templates.own()
    rows = tuple(_row(c.value, own) for c in _DOCUMENTS)
    return Card(T("setup.template_title"), (Bullets(rows), Para(T("setup.template_hint"))))


def _row(kind: str, own: frozenset[tuple[str, str | None]]) -> Bullet:
    """One document: which templates of the company's there are, and the buttons."""
    languages = [language for language in (None, "zh", "en") if (kind, language) in own]
    whose: Inline = T("setup.template_shipped")
    if languages:
        shown = tuple(T(f"setup.template_for_{language or 'both'}") for language in languages)
        whose = T("setup.template_own", {"languages": Join(shown, ", ")})
    actions = [Action(T("setup.template_button"), f"setup template {kind}")]
    actions += [
        Action(
            T("setup.template_remove_button", {"language": T(f"setup.template_for_{n or 'both'}")}),
            f"setup template remove {_words(kind, n)}",
        )
        for n in languages
    ]
    return Bullet(Join((T(f"setup.template_of_{kind}"), whose), "  "), tuple(actions))


def _label(kind: str, language: str | None) -> Inline:
    shown = T(f"setup.template_for_{language or 'both'}")
    return T(
        "setup.template_named", {"document": T(f"setup.template_of_{kind}"), "language": shown}
    )


def _words(kind: str, language: str | None) -> str:
    return f"{kind} {language}" if language else kind


def _known() -> Inline:
    return Join(tuple(c.value for c in _DOCUMENTS), ", ")


def _subject(kind: str, language: str | None) -> str:
    return f"template:{kind}.{language}" if language else f"template:{kind}"


def _remembered(ctx: Context, kind: str, language: str | None) -> str | None:
    """The file that was uploaded for it last; None for one that was put into the folder."""
    return ctx.uow.people.workspace_settings().get(_subject(kind, language))


def _remember(ctx: Context, kind: str, language: str | None, file_id: str | None) -> None:
    settings = dict(ctx.uow.people.workspace_settings())
    settings.pop(_subject(kind, language), None)
    if file_id is not None:
        settings[_subject(kind, language)] = file_id
    ctx.uow.people.save_workspace(ctx.workspace, settings)
