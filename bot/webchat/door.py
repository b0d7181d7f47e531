"""Who comes in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.webchat.settings import ChatSettings
from domain.clock import Clock
from domain.errors import NotFoundError
from domain.people import Person, Role
from storage.uow import Store, UnitOfWork
from web.errors import ApiError
from web.sessions import COOKIE, CSRF_HEADER, MAX_AGE, Session, Sessions, csrf_fits


class Door:
    """Begins and checks sessions.

    In the demo whoever comes is let in as the product owner and may become anybody else; otherwise
    a session begins elsewhere (a one-time link) and here only its cookie counts.
    """

    def __init__(self, store: Store, clock: Clock, settings: ChatSettings) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._sessions = Sessions(settings.secret_keys)

    def session(self, request: Request) -> Session:
        """The session of a request; ``ApiError`` 401 without one."""
        session = self._sessions.open(request.cookies.get(COOKIE), self._clock.now())
        if session is None:
            raise ApiError(401, "web.http_401")
        return session

    def writer(self, request: Request) -> Session:
        """The session of a request that changes something; ``ApiError`` 403 without its token."""
        session = self.session(request)
        if not csrf_fits(session, request.headers.get(CSRF_HEADER)):
            raise ApiError(403, "web.no_csrf")
        return session

    def enter(self, request: Request) -> tuple[Session, bool]:
        """The session of a visit, begun now if the demo allows; whether its cookie must be set."""
        session = self._sessions.open(request.cookies.get(COOKIE), self._clock.now())
        if session is not None and self._lives(session):
            return session, False
        if not self._settings.demo:
            raise ApiError(401, "web.http_401")
        for workspace in self._store.workspaces():
            with self._store.read(workspace.id) as uow:
                first = _first_person(uow)
            if first is not None:
                return self._sessions.begin(workspace.id, first.id, self._clock.now()), True
        raise NotFoundError("core.no_workspace")

    def switch(self, session: Session, person_id: str) -> Session:
        """Another person's session, in the demo; ``ApiError`` 403 elsewhere."""
        if not self._settings.demo:
            raise ApiError(403, "web.no_switch")
        with self._store.read(session.workspace) as uow:
            person = uow.people.get(person_id)
        if not person.active:
            raise NotFoundError("team.unknown_person", who=person.handle)
        return self._sessions.begin(session.workspace, person.id, self._clock.now())

    def give(self, response: Response, session: Session) -> None:
        """Set the cookie."""
        response.set_cookie(
            COOKIE,
            self._sessions.seal(session),
            max_age=int(MAX_AGE.total_seconds()),
            httponly=True,
            samesite="strict",
            secure=self._settings.secure,
        )

    def _lives(self, session: Session) -> bool:
        """Whether the person is still there (a database may have been made anew)."""
        with self._store.read(session.workspace) as uow:
            return any(p.id == session.person for p in uow.people.all())


def _first_person(uow: UnitOfWork) -> Person | None:
    """A product owner, else an administrator, else anybody of the company."""
    people = {p.id: p for p in uow.people.all() if not p.external}
    for role in (Role.PO, Role.ADMIN):
        for grant in uow.people.grants():
            if grant.role is role and grant.person_id in people:
                return people[grant.person_id]
    return next(iter(people.values()), None)
