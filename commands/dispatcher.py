"""The one way in: a request becomes a reply, in one transaction, once per delivery."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

from commands.args import Args, FieldErrors, MissingArgs, Reading, read_form, read_line
from commands.context import Context, Services
from commands.forms import asked_again, form_for
from commands.grammar import Line, first_word, meant_lines, parse
from commands.no_product import no_product
from commands.registry import Command, Registry, Shorthand, Subcommand
from commands.replies import error_reply, missing_reply, suggestion, unknown_reply
from domain.clock import Clock
from domain.errors import ConflictError, DubanError, NotFoundError, UserError
from domain.lanhu import without_passwords
from domain.message_json import from_json, to_json
from domain.messages import Code, Reply, T
from domain.people import Person
from domain.requests import Kind, Request
from storage.asker import Asker
from storage.uow import Store, UnitOfWork

log = logging.getLogger("duban.dispatch")

TRIES = 3
"""How often a use case is run when somebody else wrote first."""

Hook = Callable[[UnitOfWork, Reply], None]
"""Runs inside the transaction after the use case: a surface stores what it shows with the work."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request.

    :param repeated: the delivery was handled before; this is the answer that was given then.
    :param failed: the reply tells of an error.
    :param written: the reply as JSON, where it was recorded.
    """

    reply: Reply
    request_id: str
    repeated: bool = False
    failed: bool = False
    written: Mapping[str, Any] | None = None


class Dispatcher:
    """Parses, checks permission, runs one use case in one transaction, and answers.

    Whatever happens inside, :meth:`dispatch` returns an answer: errors that people may see in
    words,
    anything else as a short reference whose trace is in the log.
    """

    def __init__(self, store: Store, registry: Registry, services: Services, clock: Clock) -> None:
        self.store = store
        self.registry = registry
        self.services = services
        self._clock = clock

    def dispatch(
        self, request: Request, hook: Hook | None = None, view: UnitOfWork | None = None
    ) -> Answer:
        """Handle one request.

        :param hook: runs in the same transaction, unless the request failed, only reads, or was
            delivered before.
        :param view: a view of the request's workspace that is open anyhow, in which a request that
            :meth:`only_reads` is answered.
        """
        try:
            return self._dispatch(_storable(request, self.services.design_hosts), hook, view)
        except DubanError as error:
            return Answer(error_reply(error), request.event_id, failed=True)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("dispatch.bug", extra={"reference": reference})
            reply = error_reply(UserError("core.bug", reference=reference))
            return Answer(reply, request.event_id, failed=True)

    def only_reads(self, request: Request) -> bool:
        """Whether the request is a command that records nothing."""
        if request.kind not in (Kind.COMMAND, Kind.FORM):
            return False
        line = parse(self.registry, request.text)
        short = request.kind is Kind.COMMAND and self._expansion(line) is not None
        return not short and line.sub is not None and not line.sub.writes

    def _dispatch(self, request: Request, hook: Hook | None, view: UnitOfWork | None) -> Answer:
        if request.kind not in (Kind.COMMAND, Kind.FORM):
            return self._write(request, hook, self._observe)
        line = self._parse(request)
        command, sub = line.command, line.sub
        if command is None or sub is None:
            with self.store.read(request.workspace) as uow:
                reply = unknown_reply(self._context(uow, request), line)
            return Answer(reply, request.event_id, failed=bool(line.words))

        def run(ctx: Context) -> Reply:
            ctx.line = line
            return _explained(_run(ctx, line, command, sub), request)

        if sub.writes:
            return self._write(request, hook, run)
        with self.store.read(request.workspace) if view is None else nullcontext(view) as uow:
            return Answer(run(self._context(uow, request)), request.event_id)

    def _parse(self, request: Request) -> Line:
        """The line as parsed, or the full one that it stands for here."""
        line = parse(self.registry, request.text)
        expand = None if request.kind is Kind.FORM else self._expansion(line)
        if expand is None:
            return line
        with self.store.read(request.workspace) as uow:
            full = expand(self._context(uow, request), line)
        return line if full is None else parse(self.registry, full)

    def _expansion(self, line: Line) -> Shorthand | None:
        """What may make a full line of this one."""
        if line.explicit and line.command is not None:
            return None
        return self.registry.shorthand.get(first_word(line.text)[0])

    def _write(
        self, request: Request, hook: Hook | None, run: Callable[[Context], Reply]
    ) -> Answer:
        for tried in range(1, TRIES + 1):
            try:
                with self.store.write(request.workspace) as uow:
                    asker, known = self._arrival(uow, request)
                    if known is not None:
                        return Answer(from_json(known), request.event_id, repeated=True)
                    reply = run(self._context(uow, request, asker))
                    written = _written(uow, reply)
                    uow.inbox.add(request.event_id, request.received_at, written)
                    if hook is not None:
                        hook(uow, reply)
                return Answer(reply, request.event_id, written=written)
            except ConflictError:
                if tried == TRIES:
                    raise
        raise AssertionError("unreachable")

    def _observe(self, ctx: Context) -> Reply:
        """Something was said, edited, deleted or marked: whoever listens may answer."""
        for listener in self.registry.listeners(ctx.request.kind):
            reply = listener(ctx)
            if reply is not None:
                return reply
        return Reply()

    def _arrival(self, uow: UnitOfWork, request: Request) -> tuple[Asker | None, Any | None]:
        """Who asks, and what was answered if the delivery was handled before: one statement."""
        try:
            return uow.askers.arriving(request.person, request.channel or None, request.event_id)
        except NotFoundError:  # they may have gone since: what was answered stays answered
            known = uow.inbox.answer(request.event_id)
            if known is None:
                raise
            return None, known

    def _context(self, uow: UnitOfWork, request: Request, asker: Asker | None = None) -> Context:
        asker = asker or uow.askers.get(request.person, request.channel or None)
        if not asker.person.active:
            raise UserError("core.inactive")
        return Context(
            uow, request, self._clock.now(), asker.person, asker.channel,
            self.services, self.registry, asker=asker,
        )  # fmt: skip


def _written(uow: UnitOfWork, reply: Reply) -> dict[str, Any]:
    """The reply as JSON; its cards are written once for whatever else stores them here."""
    written: dict[str, Any] = to_json(replace(reply, cards=()))
    if reply.cards:
        written["cards"] = [uow.written(card) for card in reply.cards]
    return written


def _storable(request: Request, design_hosts: tuple[str, ...]) -> Request:
    """The request without what must not be kept.

    That is characters that no database takes as text (NUL, lone surrogates), and the password that
    people paste beside a link to a design.
    """

    def text(typed: str) -> str:
        typed = typed.replace("\0", "").encode("utf-8", "replace").decode()
        return without_passwords(typed, design_hosts)

    values = {name: text(value) for name, value in request.values.items()}
    reaction = request.reaction
    if reaction is not None:
        reaction = replace(reaction, text=text(reaction.text))
    return replace(request, text=text(request.text), values=values, reaction=reaction)


def _run(ctx: Context, line: Line, command: Command, sub: Subcommand) -> Reply:
    """Permission, arguments, use case. Wrong form values answer with the form again."""
    if not ctx.may(sub.roles):
        raise ctx.refusal(tuple(sorted(sub.roles)))
    if sub.needs_product and ctx.maybe_product is None:
        raise no_product(ctx)
    try:
        args = _args(ctx, line, sub)
    except MissingArgs as missing:
        if sub.asks:
            return Reply(form=form_for(ctx, command, sub, missing.given), private=True)
        return missing_reply(command, sub, missing)
    except FieldErrors as wrong:
        form = form_for(ctx, command, sub, ctx.request.values, wrong.errors)
        return Reply(form=form, private=True)
    except UserError as error:
        if line.explicit or not line.words:
            raise
        raise _with_nearest(ctx, error, command, line) from error
    try:
        return sub.handler(ctx, args)
    except FieldErrors as wrong:
        form = form_for(ctx, command, sub, args.raw, wrong.errors)
        return Reply(form=form, private=True)


def _explained(reply: Reply, request: Request) -> Reply:
    """A form that comes back to somebody who left out what it needs says so."""
    if reply.form is None or request.kind is not Kind.FORM:
        return reply
    return replace(reply, form=asked_again(reply.form, request.values))


def _with_nearest(ctx: Context, error: UserError, command: Command, line: Line) -> UserError:
    """The error with what may have been meant: lines to press or to send, else the help."""
    meant = meant_lines(command, line)
    if meant:
        error = UserError("core.words_near", text=line.text[line.words[0].start :][:80])
        error.actions = tuple(suggestion(ctx, each) for each in meant)
    else:
        error.hint = T("core.see_help", {"line": Code(f"/help {command.name}")})
    return error


def _args(ctx: Context, line: Line, sub: Subcommand) -> Args:
    reading = Reading(lambda: ctx.today, lambda: ctx.calendar, _finder(ctx.uow), ctx.request.files)
    if ctx.request.kind is Kind.FORM:
        return read_form(sub, ctx.request.values, reading)
    return read_line(sub, line, reading)


def _finder(uow: UnitOfWork) -> Callable[[str], Person | None]:
    """Finds people by id, handle, or a name that only one person has."""

    def find(name: str) -> Person | None:
        people = uow.people.all()
        folded = name.casefold()
        exact = [p for p in people if p.id == name or p.handle == folded]
        named = [p for p in people if p.name == name]
        found = exact or (named if len(named) == 1 else [])
        return found[0] if found else None

    return find
