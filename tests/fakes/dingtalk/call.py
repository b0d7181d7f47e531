"""One call while it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.fakes.dingtalk.bodies import BODIES
from tests.fakes.dingtalk.people import User
from tests.fakes.dingtalk.refusal import Refusal
from tests.fakes.dingtalk.shapes import check
from tests.fakes.dingtalk.world import Media, World


@dataclass(slots=True)
class Call:
    """What was asked.

    :param params: of the path and the query.
    :param file: what was uploaded.
    """

    world: World
    operation: str
    params: dict[str, str]
    body: dict[str, Any]
    token: str
    file: Media | None = None

    def checked(self) -> dict[str, Any]:
        """The body, of the right shape and for our own robot; else ``Refusal``."""
        check(self.body, BODIES[self.operation])
        robot = self.body.get("robotCode")
        if robot is not None and robot != self.world.app.robot_code:
            raise Refusal("invalidParameter.robotCode.invalid")
        return self.body

    def allowed(self, scope: str) -> None:
        """``Refusal`` unless the app has the permission."""
        if scope and scope not in self.world.app.scopes:
            raise Refusal(
                "Forbidden.AccessDenied.AccessTokenPermissionDenied",
                f"应用尚未开通所需的权限：[{scope}]",
                status=403,
                errcode=60011,
                accessdenieddetail={"requiredScopes": [scope]},
            )

    def union(self, name: str = "unionId") -> User:
        """The person whose union id a parameter says; never a user id."""
        user = self.world.by_union(self.params.get(name, ""))
        if user is None:
            raise Refusal(f"invalidParameter.{name}.invalid", f"{name}不合法")
        return user
