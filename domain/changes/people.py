"""Accounts that turned out to be one person's: the log, read with that known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from domain.changes import events as e
from domain.changes.events import Event


def as_people(log: tuple[Event, ...], joined: Mapping[str, str]) -> tuple[Event, ...]:
    """The log with every account replaced by the person that it is.

    Nobody approves their own request, not with a second account either: such an approval counts no
    more, and two approvals of one person are one. What was applied stays applied: its approvals
    were enough by what was known on that day.

    :param joined: person id → who they are now.
    """
    if not joined or not ({event.actor for event in log} | _named(log)) & joined.keys():
        return log
    applied = any(isinstance(event.body, e.Applied) for event in log)
    logged = next((x.actor for x in log if isinstance(x.body, e.Logged)), None)
    author = joined.get(logged or "", logged)
    return tuple(_read(event, joined, logged, author, applied=applied) for event in log)


def _named(log: tuple[Event, ...]) -> set[str]:
    """Who is asked to acknowledge, and who did."""
    found: set[str] = set()
    for event in log:
        if isinstance(event.body, e.Applied):
            found |= set(event.body.people)
        elif isinstance(event.body, e.Acknowledged):
            found.add(event.body.person)
    return found


def _read(
    event: Event,
    joined: Mapping[str, str],
    logged: str | None,
    author: str | None,
    *,
    applied: bool,
) -> Event:
    body, actor = event.body, joined.get(event.actor or "", event.actor)
    match body:
        case e.Approved() if applied:
            return event
        case e.Approved(override=False) if actor == author and event.actor != logged:
            return replace(event, actor=actor, body=e.Unknown("approved"))
        case e.Applied():
            people = tuple(dict.fromkeys(joined.get(p, p) for p in body.people))
            return replace(event, actor=actor, body=replace(body, people=people))
        case e.Acknowledged():
            person = joined.get(body.person, body.person)
            return replace(event, actor=actor, body=replace(body, person=person))
        case _:
            return replace(event, actor=actor)
