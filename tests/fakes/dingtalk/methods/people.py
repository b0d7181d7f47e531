"""Who somebody is."""

from __future__ import annotations

from typing import Any

from tests.fakes.dingtalk.call import Call
from tests.fakes.dingtalk.people import User
from tests.fakes.dingtalk.refusal import Refusal

NOBODY, NO_SUCH_DEPARTMENT = 60121, 60003


def get(call: Call) -> dict[str, Any]:
    """``POST /topapi/v2/user/get``: ``unionid`` is filled, ``union_id`` is not."""
    user = call.world.by_staff(str(call.body.get("userid", "")))
    return _old(_detail(_found(user)))


def by_union(call: Call) -> dict[str, Any]:
    """``POST /topapi/user/getbyunionid``."""
    user = _found(call.world.by_union(str(call.body.get("unionid", ""))))
    if user.outside:
        raise Refusal("notFound", "找不到该用户", errcode=NOBODY)
    return _old({"contact_type": 0, "userid": user.staff})


def by_mobile(call: Call) -> dict[str, Any]:
    """``POST /topapi/v2/user/getbymobile``."""
    mobile = str(call.body.get("mobile", ""))
    users = [u for u in call.world.users.values() if mobile and u.mobile == mobile]
    return _old({"userid": _found(users[0] if users else None).staff})


def department(call: Call) -> dict[str, Any]:
    """``POST /topapi/v2/department/get``."""
    number = int(call.body.get("dept_id", 0))
    name = call.world.departments.get(number)
    if name is None:
        raise Refusal("notFound", "部门不存在", errcode=NO_SUCH_DEPARTMENT)
    return _old({"dept_id": number, "name": name, "parent_id": 1})


def contact(call: Call) -> dict[str, Any]:
    """``GET /v1.0/contact/users/{unionId}``."""
    user = call.union()
    return {
        "nick": user.name, "unionId": user.union, "openId": f"open{user.union}",
        "mobile": user.mobile, "email": user.email, "stateCode": "86", "avatarUrl": "",
        "visitor": user.outside,
    }  # fmt: skip


def _found(user: User | None) -> User:
    if user is None or not user.active or not user.visible:
        raise Refusal("notFound", "找不到该用户", errcode=NOBODY)
    return user


def _detail(user: User) -> dict[str, Any]:
    return {
        "userid": user.staff, "unionid": user.union, "union_id": "", "name": user.name,
        "mobile": user.mobile, "email": user.email, "title": user.title, "active": user.active,
        "admin": user.admin, "boss": False, "dept_id_list": list(user.departments),
        "leader_in_dept": [{"dept_id": d, "leader": False} for d in user.departments],
    }  # fmt: skip


def _old(result: dict[str, Any]) -> dict[str, Any]:
    return {"errcode": 0, "errmsg": "ok", "result": result}
