"""v1: tokens, people, settings, files (facts §2, §3, §6.8, §9)."""

from __future__ import annotations

from typing import Any, Final

from tests.fakes.zentao.people import Account
from tests.fakes.zentao.routing import Context, Route, number_in, page_of
from tests.fakes.zentao.web import Answer, Stop, empty, v1

ROLE_NAMES: Final = {"po": "产品经理", "dev": "研发", "qa": "测试", "qd": "测试主管"}
GRADES: Final = (
    {"id": 3, "type": "story", "grade": 1, "name": "SR", "status": "enable"},
    {"id": 4, "type": "story", "grade": 2, "name": "子", "status": "enable"},
)


def profile_row(account: Account) -> dict[str, Any]:
    """A person's profile with plain columns."""
    return {**account.row.full(), "fails": account.fails}


def ping(ctx: Context) -> Answer:
    """Whose token and how long a session file lives."""
    return v1({"token": ctx.request.headers.get("token", ""), "tokenLife": "1440"})


def me(ctx: Context) -> Answer:
    """Who the token belongs to, and which products the account sees."""
    shown = profile_row(ctx.account)
    role = shown["role"]
    shown |= {
        "birthday": None,
        "join": None,
        "last": ctx.shapes.time(ctx.state.now()),
        "locked": None,
        "role": {"code": role, "name": ROLE_NAMES.get(role, role)},
        "admin": ctx.account.admin,
        "superReviewer": ctx.who in ctx.state.settings.super_reviewers,
        "view": {
            "account": ctx.who,
            "products": ",".join(str(row["id"]) for row in ctx.state.products_of(ctx.who)),
        },
    }
    return v1({"profile": shown})


def list_users(ctx: Context) -> Answer:
    """Accounts and names, the newest first; ``full=1`` adds role and e-mail."""
    query = ctx.request.query
    rows = sorted(ctx.state.people.rows, key=lambda row: -row["id"])
    limit = number_in(query.get("limit"), 20) or len(rows)
    page, shown = page_of(rows, number_in(query.get("page"), 1), limit)
    names = ("account", "realname")
    if query.get("full"):
        names = ("id", "dept", "account", "realname", "role", "pinyin", "email")
    users = [{name: row[name] for name in names} for row in shown]
    return v1({"page": page, "total": len(rows), "limit": limit, "users": users})


def _named(ctx: Context) -> Account | None:
    wanted = ctx.args[0]
    if not wanted.isdigit():
        return ctx.state.people.accounts.get(wanted)
    found = ctx.state.people.rows.get(int(wanted))
    return ctx.state.people.accounts.get(found["account"]) if found else None


def get_user(ctx: Context) -> Answer:
    """A profile by id or account; an unknown id has an empty answer."""
    account = _named(ctx)
    if account is None and ctx.args[0].isdigit():
        return empty(content_type="application/json; charset=utf-8")
    if account is None:
        raise Stop(v1({"error": "404 Not found"}, 404))
    return v1(profile_row(account))


def _written(ctx: Context, account: Account) -> dict[str, Any]:
    return profile_row(account) | {"last": ctx.shapes.time(account.row["last"]), "locked": None}


def create_user(ctx: Context) -> Answer:
    """A new account; group 5 is PO."""
    body = ctx.body
    role = str(body.get("role", ""))
    account = ctx.state.people.add(
        str(body["account"]), str(body.get("password", "")), str(body.get("realname", "")), role,
        gender=str(body.get("gender", "m")),
    )  # fmt: skip
    return v1(_written(ctx, account), 201)


def edit_user(ctx: Context) -> Answer:
    """A new password and profile fields."""
    account = _named(ctx)
    if account is None:
        raise Stop(v1({"error": "404 Not found"}, 404))
    account.password = str(ctx.body.get("password", account.password))
    for name in ("realname", "email", "mobile", "dingding", "slack", "weixin"):
        if name in ctx.body:
            account.row[name] = str(ctx.body[name])
    return v1(_written(ctx, account))


def configurations(ctx: Context) -> Answer:
    """Version, language and zone of the server."""
    settings, version = ctx.state.settings, ctx.state.version
    pairs: list[tuple[str, Any]] = [
        ("language", settings.language), ("version", version.name), ("charset", "UTF-8"),
        ("timezone", settings.zone.key), ("systemMode", "ALM"), ("hourUnit", "h"),
        ("CRProduct", "1"), ("CRExecution", "1"),
    ]  # fmt: skip
    if not version.old:
        pairs += [("CRTask", None), ("edition", "open"), ("vision", "rnd")]
        pairs += [("storyNeedReview", settings.review_required)]
    return v1([{"key": key, "value": value} for key, value in pairs])


def reviewer_required(ctx: Context) -> Answer:
    """Whether this account must name reviewers."""
    own = ctx.account.own_review_setting
    required = ctx.state.settings.review_required if own is None else own
    return v1({"storyType": ctx.args[0], "reviewerRequired": required})


def grades(ctx: Context) -> Answer:
    """Levels of stories."""
    return v1(list(GRADES))


def modules(ctx: Context) -> Answer:
    """The module tree (always empty here)."""
    return v1({"modules": []})


def upload(ctx: Context) -> Answer:
    """An image for a text that is written next (``uid`` ties them)."""
    found = ctx.request.upload("imgFile")
    if found is None:
        raise Stop(v1({"error": "error"}, 400))
    number = store_file(ctx, found)
    ctx.state.files[number]["uid"] = ctx.request.query.get("uid", "")
    extension = ctx.state.files[number]["extension"]
    return v1({"id": number, "url": f"/index.php?m=file&f=read&t={extension}&fileID={number}"})


def store_file(ctx: Context, found: tuple[str, bytes], kind: str = "", owner: int = 0) -> int:
    """Keep a file; answers its id."""
    name, data = found
    number = max(ctx.state.files, default=0) + 1
    ctx.state.files[number] = {
        "id": number, "title": name, "extension": name.rpartition(".")[2].lower(),
        "size": len(data), "objectType": kind, "objectID": owner, "addedBy": ctx.who,
        "addedDate": ctx.state.now(), "data": data,
    }  # fmt: skip
    return number


def download(ctx: Context) -> Answer:
    """The bytes of a file."""
    found = ctx.state.files.get(ctx.number)
    if found is None:
        return empty()
    return Answer(200, found["data"], "application/octet-stream")


ROUTES: Final = (
    Route("GET", "/ping", ping),
    Route("GET", "/user", me),
    Route("GET", "/users", list_users, lists=True),
    Route("POST", "/users", create_user, "user-create"),
    Route("GET", "/users/{}", get_user, "user-view"),
    Route("PUT", "/users/{}", edit_user, "user-edit"),
    Route("GET", "/configurations", configurations),
    Route("GET", "/storyreviewerrequired/{}", reviewer_required, new_only=True),
    Route("GET", "/storygrades", grades, new_only=True),
    Route("GET", "/modules", modules, "story-view"),
    Route("POST", "/files", upload, "file-upload"),
    Route("GET", "/files/{}", download, "file-download"),
)
