"""From a text as DingTalk sends it to a line as commands are typed: mentions, heads, quotes.

DingTalk writes mentions as ``@name`` into the text and says separately, in no order, whose userIds
were mentioned. Names may contain spaces, and two people may have the same one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commands.grammar import clean, parse
from commands.registry import Arg, ArgKind, Registry

_OWN_NAMES = frozenset({"督办", "duban"})
_OWN = re.compile(r"[@＠](?:督办|duban)(?=\s|$|[:：,，])[:：,，]?", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w<])[@＠][^\s@＠]+")
_BLANK = r"[^\S\n]*"
"""Spaces around a mention, also the wide ones that clients write: one is left of them."""
_SEPARATORS = ":：,，、"
_HEAD = re.compile(rf"[/／]?([^\s{_SEPARATORS}]+)[{_SEPARATORS}]+(?=\S)")


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody of the company who was mentioned.

    :param person: our id; :param names: how they may be written, longest first.
    """

    person: str
    names: tuple[str, ...]


class UnclearMentions(Exception):
    """Several people were mentioned, and it cannot be told which mention is whose."""


def placed(text: str, mentions: Sequence[Mention]) -> str:
    """The text with the mentions as ``<@person-id>``, each where its name stands.

    Who is meant comes from the userIds alone; a name only says where in the text they are meant.
    What is left over is told by elimination; a mention that the text does not show goes to the end.

    :raises UnclearMentions: more than one mention is left over, for more than one person.
    """
    left: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: -max((len(n) for n in m.names), default=0)):
        same = [m for m in mentions if m is not mention and set(m.names) & set(mention.names)]
        fresh = None if same else _replaced(text, mention)
        if fresh is None:
            left.append(mention)
        else:
            text = fresh
    return _by_elimination(text, left)


def _replaced(text: str, mention: Mention) -> str | None:
    for name in mention.names:
        ends = r"(?=\s|$|[@＠:：,，、。;；)）])"
        pattern = re.compile(rf"{_BLANK}[@＠]{re.escape(name)}{ends}{_BLANK}")
        fresh, count = pattern.subn(f" <@{mention.person}> ", text)
        if count:
            return fresh
    return None


def _by_elimination(text: str, left: Sequence[Mention]) -> str:
    if not left:
        return text
    unknown = list(_MENTION.finditer(text))
    if not unknown:
        return f"{text} {' '.join(f'<@{m.person}>' for m in left)}"
    if len(left) == 1 and len(unknown) == 1:
        start, end = unknown[0].span()
        before, after = text[:start].rstrip(" "), text[end:].lstrip(" ")
        return f"{before} <@{left[0].person}> {after}"
    raise UnclearMentions


def bare(text: str, mentions: Sequence[Mention] = ()) -> str:
    """The text cleaned, without a mention of Duban that was left in it.

    :param mentions: who else was mentioned: somebody may be called like Duban.
    """
    names = {name.casefold() for mention in mentions for name in mention.names}
    if not names & _OWN_NAMES:
        text = _OWN.sub(" ", text)
    line = clean(text)
    return f"/{line[1:]}" if line.startswith("／") else line


def spaced(registry: Registry, line: str) -> str:
    """``评审：开始：登录`` as ``评审 开始 登录``: signs after a command's words are spaces."""
    match = _HEAD.match(line)
    command = registry.find(match.group(1)) if match else None
    if match is None or command is None:
        return line
    rest = line[match.end() :]
    inner = _HEAD.match(rest)
    if inner is not None and command.find(inner.group(1)) is not None:
        rest = f"{inner.group(1)} {rest[inner.end() :]}"
    return f"{match.group(1)} {rest}"


def with_quoted(registry: Registry, line: str, quoted: str) -> str:
    """The line with the number of the record that it answers, where it names none itself.

    A quoted message is only its text, so the record is found by the number that Duban wrote into
    it (``CR-12``, ``S3``), and only if there is one of its kind.
    """
    if not quoted:
        return line
    found = parse(registry, line)
    if found.sub is None:
        return line
    typed = [w.plain for w in found.words]
    for arg in found.sub.args:
        number = _only_number(arg, quoted)
        if number and not any(_names(arg, word) for word in typed):
            return f"{line} {number}"
    return line


def _pattern(arg: Arg) -> str | None:
    if arg.kind is ArgKind.REF and arg.prefix:
        return rf"{arg.prefix}-\d{{1,9}}"
    if arg.kind in (ArgKind.STORY, ArgKind.STORIES):
        return r"S\d{1,9}"
    return None


def _only_number(arg: Arg, quoted: str) -> str | None:
    pattern = _pattern(arg)
    if pattern is None:
        return None
    found = set(re.findall(rf"(?<![\w-]){pattern}(?![\w-])", quoted))
    return found.pop() if len(found) == 1 else None


def _names(arg: Arg, word: str) -> bool:
    """Whether a word names such a record by itself (``CR-12``, ``cr12``, ``12``, ``cr=12``)."""
    prefix = arg.prefix if arg.kind is ArgKind.REF else "S"
    pattern = rf"(?:[^=]+=)?#?(?:{prefix}-?)?#?\d{{1,9}}(?:[,，、;；].*)?"
    return re.fullmatch(pattern, word, re.IGNORECASE) is not None


def mentions_of(
    mentioned: Sequence[str], people: Mapping[str, str], names: Mapping[str, tuple[str, ...]]
) -> list[Mention]:
    """Those who were mentioned and are known here.

    :param people: person ids by userId; :param names: by userId.
    """
    return [Mention(people[s], names.get(s, ())) for s in mentioned if s in people]
