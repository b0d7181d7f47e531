"""What the server says to people, in Chinese and English (cookie ``lang``).

The Chinese texts and two of the English ones stand in the recordings; clients must not match on
any of them, which is why the others need only be sentences.
"""

from __future__ import annotations

ZH, EN = "zh-cn", "en"

TEXTS: dict[str, tuple[str, str]] = {
    "login": (
        "登录失败，请检查您的用户名或密码是否填写正确。",
        "Login failed. Please check your account and password.",
    ),
    "tries": ("您还有{0}次尝试机会。", "You have {0} more tries."),
    "locked": (
        "密码尝试次数太多，请联系管理员解锁，或10分钟后重试。",
        "Too many tries. Ask an administrator, or try again in 10 minutes.",
    ),
    "gone": (
        "抱歉，您访问的对象不存在！",
        "The item you are trying to access does not exist or has been removed.",
    ),
    "denied_product": ("您无权访问该产品", "You have no access to this product."),
    "denied_execution": ("您无权访问该迭代！", "You have no access to this sprint!"),
    "empty": ("『{0}』不能为空。", "『{0}』 cannot be empty."),
    "long": (
        "『{0}』长度应当不超过『255』，且大于『0』。",
        "『{0}』 must be longer than 『0』 and no longer than 『255』.",
    ),
    "no_result": ("必须选择评审意见", "Choose a result."),
    "no_story": ("研发需求{0}不存在", "Story {0} does not exist"),
    "taken": ("『{0}』已经有『{1}』这条记录了。", "『{0}』 『{1}』 exists already."),
    "not_before": ("『{0}』应当不小于『{1}』。", "『{0}』 must not be before 『{1}』."),
    "edited_meanwhile": (
        "该记录可能已经被改动。请刷新页面重新编辑！",
        "This record may have been changed. Refresh the page and edit again!",
    ),
    "saved": ("保存成功", "Saved"),
    "saved_draft": ("存为草稿成功", "Saved as a draft"),
    "undated": ("待定", "TBD"),
    "confirm_recall": ("您确定要撤回评审吗？", "Do you want to recall the review?"),
    "system": ("系统", "System"),
    "dynamic_title": ("组织视图-组织动态", "Company-Dynamic"),
    "hooks_title": ("接口-Webhook列表", "API-Webhook list"),
    "log_title": ("日志-{0}", "Log-{0}"),
}

FIELDS: dict[str, tuple[str, str]] = {
    "title": ("研发需求名称", "Story Name"),
    "spec": ("描述", "Description"),
    "verify": ("验收标准", "Acceptance"),
    "pri": ("优先级", "Priority"),
    "category": ("类别", "Category"),
    "status": ("当前状态", "Status"),
    "stage": ("所处阶段", "Stage"),
    "stagedBy": ("设置阶段者", "Staged by"),
    "verifiedDate": ("验收时间", "Verified"),
    "version": ("版本号", "Version"),
    "reviewedBy": ("已评审人", "Reviewed by"),
    "reviewers": ("评审人员", "Reviewers"),
    "changedBy": ("由谁变更", "Changed by"),
    "changedDate": ("变更时间", "Changed"),
    "plan": ("所属计划", "Plan"),
    "product": ("所属产品", "Product"),
    "module": ("所属模块", "Module"),
    "estimate": ("预计工时", "Estimate"),
    "assignedTo": ("指派给", "Assigned to"),
    "source": ("来源", "Source"),
    "sourceNote": ("来源备注", "Source note"),
    "keywords": ("关键词", "Keywords"),
    "mailto": ("抄送给", "Mail to"),
    "parent": ("父需求", "Parent"),
    "closedBy": ("由谁关闭", "Closed by"),
    "closedReason": ("关闭原因", "Closed reason"),
    "duplicateStory": ("重复需求", "Duplicate"),
    "activatedDate": ("激活时间", "Activated"),
    "type": ("需求类型", "Type"),
    "notifyEmail": ("通知邮箱", "Notify"),
    "releasedDate": ("发布时间", "Released"),
    "reviewer": ("评审人", "Reviewer"),
    "reject_reason": ("拒绝原因", "Reject reason"),
    "plan_title": ("计划名称", "Plan name"),
    "begin": ("开始日期", "Begin"),
    "end": ("结束日期", "End"),
    "product_name": ("产品名称", "Product name"),
}

STATUSES = {
    "draft": ("草稿", "Draft"),
    "reviewing": ("评审中", "Reviewing"),
    "active": ("激活", "Active"),
    "changing": ("变更中", "Changing"),
    "closed": ("已关闭", "Closed"),
}

STAGES = {
    "wait": ("未开始", "Waiting"),
    "planned": ("已计划", "Planned"),
    "projected": ("研发立项", "Projected"),
    "designing": ("设计中", "Designing"),
    "designed": ("设计完毕", "Designed"),
    "developing": ("研发中", "Developing"),
    "developed": ("研发完毕", "Developed"),
    "testing": ("测试中", "Testing"),
    "tested": ("测试完毕", "Tested"),
    "verified": ("已验收", "Verified"),
    "rejected": ("验收失败", "Rejected"),
    "delivering": ("交付中", "Delivering"),
    "delivered": ("已交付", "Delivered"),
    "released": ("已发布", "Released"),
    "closed": ("已关闭", "Closed"),
}

RESULTS = {
    "pass": ("确认通过", "Pass"),
    "revert": ("撤销变更", "Revert"),
    "clarify": ("有待明确", "Clarify"),
    "reject": ("拒绝", "Reject"),
}

OBJECTS = {
    "story": ("研发需求", "story"),
    "productplan": ("计划", "plan"),
    "product": ("产品", "product"),
    "project": ("项目", "project"),
    "execution": ("执行", "execution"),
    "task": ("任务", "task"),
    "bug": ("Bug", "bug"),
}

# How the dynamics and the web hooks tell an action (创建了 …).
DID = {
    "opened": ("创建了", "opened"),
    "edited": ("编辑了", "edited"),
    "commented": ("评论了", "commented on"),
    "assigned": ("指派了", "assigned"),
    "submitreview": ("提交了评审", "submitted for review"),
    "changed": ("变更了", "changed"),
    "reviewed": ("评审了", "reviewed"),
    "closed": ("关闭了", "closed"),
    "activated": ("激活了", "activated"),
    "started": ("开始了", "started"),
    "finished": ("完成了", "finished"),
    "deleted": ("删除了", "deleted"),
    "linked2plan": ("关联了计划", "linked to a plan"),
}

# How an object's own history tells it (由 … 创建。).
TOLD = {
    "opened": ("创建", "created"),
    "edited": ("编辑", "edited"),
    "changed": ("变更", "changed"),
    "submitreview": ("提交评审", "submitted for review"),
    "commented": ("添加备注", "commented"),
    "assigned": ("指派", "assigned"),
    "closed": ("关闭", "closed"),
    "activated": ("激活", "activated"),
    "recalled": ("撤回评审", "recalled the review"),
    "recalledchange": ("撤回变更", "withdrew the change"),
    "deleted": ("删除", "deleted"),
}


def language(cookie: str) -> str:
    """The language that a ``Cookie`` header asks for; Chinese unless it says otherwise."""
    for part in cookie.split(";"):
        name, _, value = part.strip().partition("=")
        if name == "lang" and value:
            return EN if value.startswith("en") else ZH
    return ZH


def pick(pair: tuple[str, str], lang: str) -> str:
    """The text in a language."""
    return pair[lang == EN]


def say(key: str, lang: str, *values: object) -> str:
    """A text with its values."""
    return pick(TEXTS[key], lang).format(*values)


def field_name(field: str, lang: str) -> str:
    """A field's label (the field itself when it has none)."""
    return pick(FIELDS.get(field, (field, field)), lang)


def label(table: dict[str, tuple[str, str]], value: str, lang: str) -> str:
    """An enum value's label; what is unknown is shown as it is stored."""
    return pick(table.get(value, (value, value)), lang)
