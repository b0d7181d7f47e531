"""The server without its socket: a request in, an answer out."""

from __future__ import annotations

import re
from typing import Final

from tests.fakes.zentao import (
    v1_people,
    v1_plans,
    v1_projects,
    v1_stories,
    v2_feed,
    v2_hooks,
    v2_plans,
    v2_projects,
    v2_stories,
)
from tests.fakes.zentao.people import Account, LoginRefusedError, Session
from tests.fakes.zentao.routing import Context, Route, Router, Rules
from tests.fakes.zentao.state import State
from tests.fakes.zentao.web import (
    HTML,
    Answer,
    Crash,
    Invalid,
    Request,
    Stop,
    empty,
    result_fail,
    v1,
    v2,
)
from tests.fakes.zentao.words import language

API: Final = re.compile(r"^/api\.php/(v\d+)(/.*)$")
NO_V2: Final = (
    "<html><head><meta http-equiv='Content-Type' content='text/html; charset=utf-8' /></head>"
    '<body><br />\n{0} Uncaught Error: Class "{1}Entry" not found in '
    "/opt/zentao/framework/api/router.class.php:212<br />\n</body></html>"
)
LOGIN: Final = "/index.php?m=user&f=login&t=json&referer="
WEAK: Final = "/index.php?m=my&f=changePassword&t=json"


class Application:
    """Routes requests, checks tokens and privileges, words failures."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.rules = Rules(state)
        old = state.version.old
        first = (*v1_stories.ROUTES, *v1_plans.ROUTES, *v1_people.ROUTES, *v1_projects.ROUTES)
        second = (
            *v2_stories.ROUTES,
            *v2_plans.ROUTES,
            *v2_feed.ROUTES,
            *v2_hooks.ROUTES,
            *v2_projects.ROUTES,
        )
        self._v1 = Router(first, old=old)
        self._v2 = Router(second, old=old)

    def handle(self, request: Request) -> Answer:
        """The answer; failures of every kind are answers too."""
        try:
            return self._route(request)
        except Stop as stop:
            return stop.answer
        except Crash:
            return empty(500)

    def lists(self, request: Request) -> bool:
        """Whether the request reads a list (two at a time kill a token on 22.4)."""
        found = API.match(request.path)
        if found is None:
            return False
        router = self._v1 if found[1] == "v1" else self._v2
        route = router.find(request.method, found[2])
        return route is not None and route[0].lists

    def _route(self, request: Request) -> Answer:
        if request.path in {"/", "/index.php"} and request.query.get("mode") == "getconfig":
            return self._getconfig()
        found = API.match(request.path)
        lang = language(request.headers.get("cookie", ""))
        if found is None:
            return empty(404)
        if found[1] == "v1":
            return self._first(request, found[2], lang)
        if found[1] == "v2":
            return self._second(request, found[2], lang)
        return empty(500)

    def _getconfig(self) -> Answer:
        answer = v1(
            {
                "version": self.state.version.name,
                "requestType": self.state.settings.request_type,
                "requestFix": "-",
                "moduleVar": "m",
                "methodVar": "f",
                "viewVar": "t",
                "sessionVar": "zentaosid",
                "systemMode": "ALM",
                "sprintConcept": "0",
                "URAndSR": "1",
                "maxUploadSize": "64M",
                "sessionName": "zentaosid",
                "sessionID": "0" * 26,
                "random": 687,
                "expiredTime": "1440",
                "serverTime": int(self.state.clock().timestamp()),
                "rand": 687,
            }
        )
        return Answer(200, answer.body, HTML)

    # -- v1 ------------------------------------------------------------------------------------

    def _first(self, request: Request, path: str, lang: str) -> Answer:
        if path == "/tokens":
            return self._token(request, lang)
        if not self._v1.knows(path):
            return v1({"error": "not found"}, 404)
        found = self._v1.find(request.method, path)
        if found is None:
            raise Crash
        context = self._context(request, lang, found, v1=True)
        if context is None:
            return v1({"error": "Unauthorized"}, 401)
        if not context.account.may(found[0].privilege):
            return v1({"error": "Access not allowed"}, 403)
        try:
            return found[0].handler(context)
        except Invalid as invalid:
            if invalid.blank and self.state.version.empty_is_200:
                return result_fail(invalid.message)
            return v1({"error": invalid.message}, 400)

    def _token(self, request: Request, lang: str) -> Answer:
        if request.method != "POST":
            raise Crash
        body = request.json()
        people = self.state.people
        try:
            token = people.login(
                body.get("account"), body.get("password"), self.state.clock(), lang
            )
        except LoginRefusedError as refused:
            return v1({"error": refused.text}, 400)
        return v1({"token": token}, 201)

    # -- v2 ------------------------------------------------------------------------------------

    def _second(self, request: Request, path: str, lang: str) -> Answer:
        if self.state.version.old:
            module = path.strip("/").split("/")[0]
            text = NO_V2.format(self.state.now()[11:], module)
            return Answer(500, text.encode(), HTML)
        if path == "/users/login":
            return self._login(request, lang)
        found = self._v2.find(request.method, path)
        route = found or (Route(request.method, path, lambda _: empty()), ())
        context = self._context(request, lang, route, v1=False)
        if context is None:
            return _unknown_token(request)
        answer = self._answer_v2(route[0], context)
        if not context.account.weak:
            return answer
        return Answer(302, answer.body, answer.content_type, {"Location": WEAK})

    @staticmethod
    def _answer_v2(route: Route, context: Context) -> Answer:
        if not context.account.may(route.privilege):
            return v2({"status": "error", "message": "Not allowed"}, 403)
        try:
            return route.handler(context)
        except Stop as stop:
            return stop.answer
        except Crash:
            return empty(500)
        except Invalid as invalid:
            if invalid.blank:
                return result_fail(invalid.message)
            return v2({"status": "fail", "message": invalid.message})

    def _login(self, request: Request, lang: str) -> Answer:
        body = request.json()
        people = self.state.people
        try:
            token = people.login(
                body.get("account"), body.get("password"), self.state.clock(), lang
            )
        except LoginRefusedError as refused:
            return v2({"status": "failed", "reason": refused.text})
        account = people.accounts[str(body["account"])]
        shown = v1_people.profile_row(account)
        del shown["deleted"]
        shown |= {
            "company": "Acme", "last": self.state.now(), "modifyPassword": account.weak,
            "admin": account.admin, "groups": {"5": 5}, "token": token,
        }  # fmt: skip
        return v2({"status": "success", "token": token, "user": shown})

    # -- both ----------------------------------------------------------------------------------

    def _context(
        self, request: Request, lang: str, found: tuple[Route, tuple[str, ...]], *, v1: bool
    ) -> Context | None:
        session = self.state.people.session(request.headers.get("token", ""))
        account = self._account(session)
        if session is None or account is None:
            return None
        return Context(self.state, self.rules, request, account, session, lang, found[1], v1=v1)

    def _account(self, session: Session | None) -> Account | None:
        return self.state.people.accounts.get(session.account) if session else None


def _unknown_token(request: Request) -> Answer:
    if request.method == "GET":
        return Answer(302, b"", HTML, {"Location": LOGIN})
    return v2({"status": "fail", "message": "Not allowed"}, 401)
