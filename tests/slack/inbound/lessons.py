"""Commands that only these tests have: some wait, one takes a file, one asks twice."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from bot.intake import PATIENCE
from commands.args import Args
from commands.context import Context
from commands.registry import Arg, ArgKind, Command
from domain.messages import Card, FieldKind, Form, FormField, Reply, T
from tests.slack.inbound.stage import Stage

MOST_SECONDS = 300
"""Longer than the platform waits for an acknowledgment: one that waits for the work fails."""


class Lessons:
    """Teaches a stage the family ``try``."""

    def __init__(self, stage: Stage) -> None:
        self.go_on = threading.Event()
        self.begun = threading.Event()
        self.command = Command("try", "试试", T("help.title"))
        text = Arg("text", "内容", ArgKind.TEXT, "内容", required=True)
        note = Arg("text", "内容", ArgKind.TEXT, "内容")
        file = Arg("file", "文件", ArgKind.FILE, "文件", required=True)
        self.command.sub("slow", "慢", args=(note,), writes=False)(self._slow)
        self.command.sub("form", "表单", args=(text,), writes=False)(self._slow)
        self.command.sub("file", "文件", args=(file,), writes=False)(self._file)
        self.command.sub("first", "一", args=(text,), writes=False, form=_first)(self._first)
        self.command.sub("late", "晚", args=(text,), writes=False, form=self._late)(self._said)
        self.command.sub("second", "二", args=(text,), writes=False)(self._said)
        self.command.sub("many", "多", writes=False)(self._many)
        stage.core.dispatcher.registry.add(self.command)

    @classmethod
    def held(cls, stage: Stage) -> Lessons:
        """Lessons that are not over when Duban's patience is: as short as in truth."""
        stage.core.intake.patience = PATIENCE
        return cls(stage)

    def _slow(self, ctx: Context, args: Args) -> Reply:
        self.begun.set()
        assert self.go_on.wait(MOST_SECONDS)
        return Reply((Card("终于", ()),), private=True)

    def _late(self, ctx: Context, values: Mapping[str, str]) -> Form:
        self.begun.set()
        assert self.go_on.wait(MOST_SECONDS)
        return Form("try second", "终于", (FormField("text", "内容", required=True),), "好")

    def _file(self, ctx: Context, args: Args) -> Reply:
        file = args.file("file")
        assert file is not None
        data = ctx.services.files.get(file.file_id)
        return Reply((Card(f"{file.name}: {len(data)}"),))

    def _first(self, ctx: Context, args: Args) -> Reply:
        field = FormField("text", "接着", FieldKind.TEXT, required=True)
        return Reply(form=Form("try second", "第二步", (field,), "好"), private=True)

    def _said(self, ctx: Context, args: Args) -> Reply:
        return Reply((Card(f"第二步：{args.text('text')}"),))

    def _many(self, ctx: Context, args: Args) -> Reply:
        return Reply(tuple(Card(f"第{n}张") for n in range(1, 8)), private=True)


def _first(ctx: Context, values: Mapping[str, str]) -> Form:
    return Form("try first", "第一步", (FormField("text", "说明"),), "下一步")
