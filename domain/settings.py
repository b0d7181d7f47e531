"""The team's rules of a product, as set with ``/setup``: names, allowed values, defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from domain.errors import UserError
from domain.messages import Inline, Join, T
from domain.people import Product, Role


class ReviewRule(StrEnum):
    """How the outcome of a story follows from its verdicts."""

    ALL = "all"
    MAJORITY = "majority"
    CHAIR = "chair"


class ClosureNeeds(StrEnum):
    """Whose word a closure needs."""

    BOTH = "both"
    ONE = "one"


class SamePerson(StrEnum):
    """Whether somebody who is both product owner and project manager may give both words."""

    NO = "no"
    YES = "yes"


class Votes(StrEnum):
    """Who votes in ZenTao when a review ends: a vote there counts for the calling account only."""

    LEDGER = "ledger"  # the record here and one comment there; Duban's account moves the status
    TOKENS = "tokens"  # reviewers vote with their own tokens; Duban's account fills in
    SUPER = "super"  # Duban's account is a super reviewer there and decides alone


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one product.

    :param change_roles: who may approve a change request.
    :param change_quorum: how many of them must.
    :param zentao_votes: None: as the installation says (``ZENTAO_VOTES``).
    """

    review_rule: ReviewRule = ReviewRule.ALL
    closure_needs: ClosureNeeds = ClosureNeeds.BOTH
    closure_same_person: SamePerson = SamePerson.NO
    change_roles: tuple[Role, ...] = (Role.PO, Role.PM)
    change_quorum: int = 1
    zentao_votes: Votes | None = None


NAMES = (
    "review_rule", "closure_needs", "closure_same_person", "change_roles", "change_quorum",
    "zentao_votes",
)  # fmt: skip
"""The settings that ``/setup rule`` takes."""

MAX_QUORUM = 9

DEFAULT_WORDS = frozenset({"default", "默认", "恢复默认"})
"""What sets a rule back."""


def rules_of(product: Product) -> Rules:
    """The rules of a product; what was never set has its default."""
    stored = dict(product.settings)
    defaults = Rules()
    roles = stored.get("change_roles")
    return Rules(
        ReviewRule(stored.get("review_rule", defaults.review_rule)),
        ClosureNeeds(stored.get("closure_needs", defaults.closure_needs)),
        SamePerson(stored.get("closure_same_person", defaults.closure_same_person)),
        tuple(Role(r) for r in roles.split(",")) if roles else defaults.change_roles,
        int(stored.get("change_quorum", defaults.change_quorum)),
        Votes(stored["zentao_votes"]) if stored.get("zentao_votes") else defaults.zentao_votes,
    )


def checked(name: str, value: str) -> str:
    """The value in its stored form; ``UserError`` names what is allowed."""
    if name not in NAMES:
        raise UserError("setup.unknown_rule", name=name[:40], known=Join(NAMES, ", "))
    parts = [p for p in value.replace("，", ",").replace("、", ",").split(",") if p.strip()]
    folded = [_word(p.strip().casefold()) for p in parts]
    if name == "change_quorum":
        if len(folded) == 1 and folded[0].isdecimal() and 1 <= int(folded[0]) <= MAX_QUORUM:
            return str(int(folded[0]))
        raise _not_allowed(name, value, tuple(str(n) for n in range(1, MAX_QUORUM + 1)))
    allowed = {
        "review_rule": tuple(ReviewRule),
        "closure_needs": tuple(ClosureNeeds),
        "closure_same_person": tuple(SamePerson),
        "change_roles": tuple(r for r in Role if r is not Role.CUSTOMER),
        "zentao_votes": tuple(Votes),
    }[name]
    many = name == "change_roles"
    if not folded or (len(folded) > 1 and not many) or any(f not in allowed for f in folded):
        raise _not_allowed(name, value, allowed)
    return ",".join(dict.fromkeys(folded))


def with_rule(product: Product, name: str, value: str) -> Mapping[str, str]:
    """The product's settings with one of them set (checked), or back at its default."""
    kept = {n: v for n, v in product.settings if n != name}
    if name in NAMES and value.strip().casefold() in DEFAULT_WORDS:
        return kept
    return {**kept, name: checked(name, value)}


def rule_text(product: Product, name: str) -> Inline:
    """The value of a rule as it holds, in words."""
    value: object = getattr(rules_of(product), name)
    if value is None:
        return T("setup.value.installed")
    if isinstance(value, tuple):
        roles = cast("tuple[Role, ...]", value)
        return Join(tuple(T(f"role.{role.value}") for role in roles), " / ")
    return str(value) if isinstance(value, int) else T(f"setup.value.{value}")


def _not_allowed(name: str, value: str, allowed: tuple[str, ...]) -> UserError:
    shown = Join(tuple(str(a) for a in allowed), ", ")
    return UserError("setup.bad_rule", name=T(f"setup.rule.{name}"), value=value[:40], known=shown)


_WORDS = {
    "全部": "all", "全部通过": "all", "过半": "majority", "主持人": "chair",
    "双方": "both", "一方": "one", "是": "yes", "允许": "yes", "否": "no", "不允许": "no",
    "产品经理": "po", "项目经理": "pm", "开发": "developer", "测试": "tester", "销售": "sales",
    "运维": "operations", "管理员": "admin",
    "记录": "ledger", "令牌": "tokens", "超级评审人": "super",
}  # fmt: skip


def _word(text: str) -> str:
    return _WORDS.get(text, text)


ROLE_WORDS = {
    "产品经理": Role.PO, "产品": Role.PO, "项目经理": Role.PM, "开发": Role.DEVELOPER,
    "研发": Role.DEVELOPER, "测试": Role.TESTER, "销售": Role.SALES, "运维": Role.OPERATIONS,
    "客户": Role.CUSTOMER, "管理员": Role.ADMIN, "dev": Role.DEVELOPER, "ops": Role.OPERATIONS,
}  # fmt: skip
"""Chinese and short words for the roles."""
