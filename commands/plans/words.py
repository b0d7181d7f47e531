"""Choices that subcommands of ``/plan`` share."""

from __future__ import annotations

from commands.registry import Choice
from domain.messages import T

ADD = Choice("add", ("add", "添加", "新增", "加"), T("plan.do.add"))
MOVE = Choice("move", ("move", "调整", "移动", "改期"), T("plan.do.move"))
DONE = Choice("done", ("done", "完成", "结束", "finish", "达成"), T("plan.do.done"))
REMOVE = Choice("remove", ("remove", "删除", "移除", "delete"), T("plan.do.remove"))
REOPEN = Choice("reopen", ("reopen", "重开", "重新打开"), T("plan.do.reopen"))
BEGIN = Choice("begin", ("begin", "start", "启动", "开始"), T("plan.do.begin"))
PROGRESS = Choice("progress", ("progress", "进度"), T("plan.do.progress"))
OWNER = Choice("owner", ("owner", "负责人"), T("plan.do.owner"))
