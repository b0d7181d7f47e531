"""From words or form values to the arguments that a handler takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from commands.grammar import Line, Word
from commands.registry import Arg, ArgKind, Subcommand
from domain.calendar import WorkingCalendar
from domain.dates import parse_date, take_date
from domain.errors import DubanError, UserError
from domain.messages import FileRef, Inline, T
from domain.people import Person
from domain.stories import story_number

Value = str | int | float | date | FileRef | tuple[str, ...] | tuple[int, ...]


class FieldErrors(UserError):
    """Some values of a form are wrong; shown beside their fields, and nothing typed is lost."""

    def __init__(self, errors: Mapping[str, Inline]) -> None:
        super().__init__("core.form_errors")
        self.errors = errors


class MissingArgs(UserError):
    """Required arguments are missing; the dispatcher answers with the form or the usage line."""

    def __init__(self, names: tuple[str, ...], given: Mapping[str, str]) -> None:
        super().__init__("core.missing_args")
        self.names = names
        self.given = given


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading arguments needs to know.

    :param today: the day that it is; asked, as ``days``, only when a date needs it.
    :param days: the team's working days.
    :param find_person: a person by ``<@id>``, ``@handle`` or ``@name`` without the marks, or None.
    """

    today: Callable[[], date]
    days: Callable[[], WorkingCalendar]
    find_person: Callable[[str], Person | None]
    files: tuple[FileRef, ...] = ()


class Args:
    """The arguments of one call, each of the kind that the registry says.

    :param raw: the values as typed, to fill a form again.
    """

    def __init__(self, values: Mapping[str, Value], raw: Mapping[str, str]) -> None:
        self._values = values
        self.raw = raw

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, default: str = "") -> str:
        """A WORD, TEXT, REF or CHOICE."""
        value = self._values.get(name)
        return default if value is None else str(value)

    def number(self, name: str) -> float | None:
        """A NUMBER."""
        value = self._values.get(name)
        return value if isinstance(value, int | float) else None

    def story(self, name: str) -> int | None:
        """The number of a STORY."""
        value = self._values.get(name)
        return value if isinstance(value, int) else None

    def stories(self, name: str) -> tuple[int, ...]:
        """The numbers of STORIES."""
        value = self._values.get(name)
        return tuple(int(v) for v in value) if isinstance(value, tuple) else ()

    def person(self, name: str) -> str | None:
        """The id of a PERSON."""
        value = self._values.get(name)
        return value if isinstance(value, str) else None

    def people(self, name: str) -> tuple[str, ...]:
        """The ids of PEOPLE."""
        value = self._values.get(name)
        return tuple(str(v) for v in value) if isinstance(value, tuple) else ()

    def date(self, name: str) -> date | None:
        """A DATE."""
        value = self._values.get(name)
        return value if isinstance(value, date) else None

    def file(self, name: str) -> FileRef | None:
        """A FILE."""
        value = self._values.get(name)
        return value if isinstance(value, FileRef) else None


def read_form(sub: Subcommand, values: Mapping[str, str], reading: Reading) -> Args:
    """Arguments from a submitted form.

    Values of fields that are no argument of the registry (extra fields of a form of its own) are
    kept in
    ``raw``. Wrong and missing values raise :class:`FieldErrors`.
    """
    out: dict[str, Value] = {}
    errors: dict[str, Inline] = {}
    for arg in sub.args:
        typed = values.get(arg.name, "").strip()
        if arg.kind is ArgKind.FILE and reading.files:
            out[arg.name] = reading.files[0]
        elif typed:
            try:
                out[arg.name] = _from_text(arg, typed, reading)
            except DubanError as error:
                errors[arg.name] = error.text
        elif arg.required:
            errors[arg.name] = T("core.field_required")
    if errors:
        raise FieldErrors(errors)
    return Args(out, values)


def read_line(sub: Subcommand, line: Line, reading: Reading) -> Args:
    """Arguments from the words of a line.

    First ``name=value``; then each argument claims its words (a mention, a story, a date, a choice,
    a number); what nobody claims is the TEXT, as typed. Missing ones raise :class:`MissingArgs`;
    words
    that fit nowhere raise ``UserError``.
    """
    words = list(line.words)
    out: dict[str, Value] = {}
    raw: dict[str, str] = {}
    _take_named(sub, words, out, raw, reading)
    text_arg = next((a for a in sub.args if a.kind is ArgKind.TEXT), None)
    for arg in sub.args:
        if arg.name in out or arg.kind in (ArgKind.TEXT, ArgKind.DATE):
            continue
        taken = _TAKERS[arg.kind](arg, words, reading)
        if taken is not None:
            out[arg.name], raw[arg.name] = taken
    rest = _rest(line.text, words)
    for arg in sub.args:
        if arg.kind is ArgKind.DATE and arg.name not in out:
            day, rest = take_date(rest, reading.today(), reading.days())
            if day is not None:
                out[arg.name], raw[arg.name] = day, day.isoformat()
    rest = rest.strip()
    if text_arg is not None and text_arg.name not in out and rest:
        out[text_arg.name] = raw[text_arg.name] = rest
        rest = ""
    missing = tuple(a.name for a in sub.args if a.required and a.name not in out)
    if rest and (text_arg is None or not missing):
        _refuse_rest(sub, rest, missing)
    if missing:
        raise MissingArgs(missing, raw)
    return Args(out, raw)


def _refuse_rest(sub: Subcommand, rest: str, missing: tuple[str, ...]) -> None:
    """Words that nothing claimed: say which argument they fail to be, or that they are too many."""
    for arg in sub.args:
        if arg.name in missing or (arg.kind is ArgKind.CHOICE and arg.choices):
            raise UserError("core.not_understood_as", text=rest[:80], what=arg.label)
    raise UserError("core.too_many_words", text=rest[:80])


def _take_named(
    sub: Subcommand,
    words: list[Word],
    out: dict[str, Value],
    raw: dict[str, str],
    reading: Reading,
) -> None:
    for word in list(words):
        name, equals, _ = word.plain.partition("=")
        if not equals or not name:
            continue
        arg = next((a for a in sub.args if name.casefold() == a.name or name == a.zh), None)
        if arg is None:
            continue
        value = word.text.replace("＝", "=").partition("=")[2].strip()
        if value:  # else it is a field that was left empty
            out[arg.name] = _from_text(arg, value, reading)
        raw[arg.name] = value
        words.remove(word)


def _rest(text: str, words: list[Word]) -> str:
    """The words that are left, as typed; quotes go only where they wrap everything."""
    if len(words) == 1:
        return words[0].text
    parts: list[str] = []
    last_end = None
    for word in words:
        if last_end is not None:
            gap = text[last_end : word.start]
            parts.append(gap if not gap.strip() else " ")
        parts.append(text[word.start : word.end])
        last_end = word.end
    return "".join(parts)


Taken = tuple[Value, str]


def _take_word(arg: Arg, words: list[Word], reading: Reading) -> Taken | None:
    if not words:
        return None
    word = words.pop(0)
    return word.text, word.text


def _take_ref(arg: Arg, words: list[Word], reading: Reading) -> Taken | None:
    for word in words:
        number = _ref(arg, word.plain)
        if number is not None:
            words.remove(word)
            return number, str(number)
    return None


def _ref(arg: Arg, text: str) -> int | None:
    match = re.fullmatch(rf"(?:{arg.prefix}-?)?#?(\d{{1,9}})", text, re.IGNORECASE)
    return int(match.group(1)) if match else None


def _take_story(arg: Arg, words: list[Word], reading: Reading) -> Taken | None:
    for word in words:
        number = story_number(word.plain)
        if number is not None:
            words.remove(word)
            return number, f"S{number}"
    return None


def _take_stories(arg: Arg, words: list[Word], reading: Reading) -> Taken | None:
    numbers: list[int] = []
    for word in list(words):
        parts = [p for p in re.split(r"[,，、;；]", word.plain) if p]
        found = [n for n in map(story_number, parts) if n is not None]
        if found and len(found) == len(parts):
            numbers += found
            words.remove(word)
    if not numbers:
        return None
    unique = tuple(dict.fromkeys(numbers))
    return unique, " ".join(f"S{n}" for n in unique)


def _mentioned(word: Word, reading: Reading) -> Person | None:
    if word.plain.startswith("<@") and word.plain.endswith(">"):
        return reading.find_person(word.text[2:-1])
    if word.plain.startswith("@"):
        name = word.text[1:].rstrip(",，:：")
        person = reading.find_person(name)
        if person is None:
            raise UserError("core.unknown_mention", name=name[:60])
        return person
    return None


def _take_person(arg: Arg, words: list[Word], reading: Reading) -> Taken | None:
    for word in words:
        person = _mentioned(word, reading)
        if person is not None:
            words.remove(word)
            return person.id, person.id
    return None


def _take_people(arg: Arg, words: list[Word], reading: Reading) -> Taken | None:
    ids: list[str] = []
    for word in list(words):
        person = _mentioned(word, reading)
        if person is not None:
            ids.append(person.id)
            words.remove(word)
    if not ids:
        return None
    unique = tuple(dict.fromkeys(ids))
    return unique, ",".join(unique)


def _take_number(arg: Arg, words: list[Word], reading: Reading) -> Taken | None:
    for word in words:
        if re.fullmatch(r"[+-]?\d{1,9}(\.\d{1,4})?", word.plain):
            words.remove(word)
            return _number(word.plain), word.plain
    return None


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _take_choice(arg: Arg, words: list[Word], reading: Reading) -> Taken | None:
    if not words:
        return None
    value = _choice(arg, words[0].plain)
    if value is None:
        return None
    words.pop(0)
    return value, value


def _choice(arg: Arg, text: str) -> str | None:
    folded = text.casefold()
    for choice in arg.choices:
        if folded == choice.value or folded in choice.words:
            return choice.value
    return None


def _take_file(arg: Arg, words: list[Word], reading: Reading) -> Taken | None:
    return (reading.files[0], reading.files[0].name) if reading.files else None


_TAKERS: Mapping[ArgKind, Callable[[Arg, list[Word], Reading], Taken | None]] = {
    ArgKind.WORD: _take_word,
    ArgKind.REF: _take_ref,
    ArgKind.STORY: _take_story,
    ArgKind.STORIES: _take_stories,
    ArgKind.PERSON: _take_person,
    ArgKind.PEOPLE: _take_people,
    ArgKind.NUMBER: _take_number,
    ArgKind.CHOICE: _take_choice,
    ArgKind.FILE: _take_file,
}


def _from_text(arg: Arg, text: str, reading: Reading) -> Value:
    """One value from its text (a form field or ``name=value``); raises when it is not one."""
    if arg.kind in (ArgKind.TEXT, ArgKind.WORD):
        return text
    if arg.kind is ArgKind.DATE:
        return parse_date(text, reading.today(), reading.days())
    if arg.kind is ArgKind.NUMBER:
        if not re.fullmatch(r"[+-]?\d{1,9}(\.\d{1,4})?", text):
            raise UserError("core.no_number", text=text[:60])
        return _number(text)
    if arg.kind in (ArgKind.PERSON, ArgKind.PEOPLE):
        people = tuple(_person_from(part, reading) for part in re.split(r"[,，\s]+", text) if part)
        if not people:
            raise UserError("core.not_understood_as", text=text[:80], what=arg.label)
        return people if arg.kind is ArgKind.PEOPLE else people[0]
    words = [Word(part, part, 0, len(part)) for part in text.split()]
    taken = _TAKERS[arg.kind](arg, words, reading)
    if taken is None or words:
        raise UserError("core.not_understood_as", text=text[:80], what=arg.label)
    return taken[0]


def _person_from(text: str, reading: Reading) -> str:
    name = text.removeprefix("<@").removesuffix(">").removeprefix("@")
    person = reading.find_person(name)
    if person is None:
        raise UserError("core.unknown_mention", name=name[:60])
    return person.id
