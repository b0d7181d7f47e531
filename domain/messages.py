"""The neutral message model, which surfaces turn into Block Kit, markdown, HTML or plain text.

A card holds no sentence in any language: :class:`T` names a text in ``locales`` and each reader
gets it in their own language. A plain ``str`` is what somebody typed and is shown as it is, escaped
by the surface. A button is a typed command (:class:`Action`), so whatever a button does can be
typed on every platform.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class T:
    """A text of ``locales`` with its parameters.

    :param key: ``family.name``; the family is the file in ``locales/<language>/``.
    :param params: values for ``{name}`` placeholders. With an ``n`` of 1 the text ``<key>_one`` is
        preferred where it exists.
    """

    key: str
    params: Mapping[str, Inline | int] = field(default_factory=dict[str, "Inline | int"])

    def __hash__(self) -> int:
        """A mapping has no hash of its own; with it a whole card is a key of what it looks like."""
        return hash((self.key, tuple(self.params.items()))) if self.params else hash(self.key)


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A person of the workspace; ``name`` is the name at the time of writing, for plain text."""

    person_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day, shown in full with its weekday."""

    day: date


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (aware), shown in the reader's zone."""

    at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a moment needs a zone")


@dataclass(frozen=True, slots=True)
class Link:
    """A labelled address; only http(s) and addresses inside Duban (``/…``) are drawn as links."""

    label: Inline
    url: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Emphasised text."""

    text: Inline


@dataclass(frozen=True, slots=True)
class Code:
    """Something to type, shown in a fixed-width face."""

    text: str


@dataclass(frozen=True, slots=True)
class Join:
    """Parts in a row with a separator."""

    parts: tuple[Inline, ...]
    separator: str = ""


Inline = str | T | PersonRef | Day | Moment | Link | Strong | Code | Join


class Tone(StrEnum):
    """The colour of a card's edge and status: how it stands, not decoration."""

    PLAIN = "plain"
    INFO = "info"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


class Style(StrEnum):
    """How a button stands out."""

    DEFAULT = "default"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Para:
    """One paragraph."""

    text: Inline
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A small heading inside a card."""

    text: Inline


@dataclass(frozen=True, slots=True)
class Fields:
    """Label and value pairs."""

    pairs: tuple[tuple[Inline, Inline], ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; each row may have its own buttons (the line of a digest and what settles it)."""

    items: tuple[Bullet, ...]


@dataclass(frozen=True, slots=True)
class Bullet:
    """One row of a list."""

    text: Inline
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; surfaces without tables draw it as a list."""

    headers: tuple[Inline, ...]
    rows: tuple[tuple[Inline, ...], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A progress bar.

    :param percent: 0 to 100.
    """

    label: Inline
    percent: int


@dataclass(frozen=True, slots=True)
class FileRef:
    """A stored file shown in a message; pictures are drawn, others offered for download.

    :param size: bytes.
    """

    file_id: str
    name: str
    mime: str
    size: int
    alt: Inline = ""


Block = Para | Heading | Fields | Bullets | Grid | Bar | FileRef


@dataclass(frozen=True, slots=True)
class Action:
    """A button. Pressing it dispatches ``command`` as the person who pressed it.

    :param command: a complete typed command without the leading slash (``change approve CR-12``),
        or one
        that lacks arguments and so opens its form.
    :param confirm: asked before it is dispatched, for what cannot be undone.
    :param typed: the same in words that people would type, where ``command`` names things by ids.
    """

    label: Inline
    command: str
    style: Style = Style.DEFAULT
    confirm: Inline | None = None
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One message of Duban.

    :param key: names the object that the card shows (``review:<id>``). A later card with the same
        key in
        the same place replaces the earlier one where the surface can edit. None: an ordinary
        message.
    :param stage: how far the object is, beyond its status (outcomes of votes): not shown. Where a
        card cannot be edited it is posted again when title, status or stage is another, and not for
        every detail.
    """

    title: Inline
    blocks: tuple[Block, ...] = ()
    actions: tuple[Action, ...] = ()
    status: Inline | None = None
    tone: Tone = Tone.PLAIN
    key: str | None = None
    stage: str = ""


class FieldKind(StrEnum):
    """What a form field takes."""

    TEXT = "text"
    MULTILINE = "multiline"
    DATE = "date"
    PERSON = "person"
    PEOPLE = "people"
    STORY = "story"
    STORIES = "stories"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a field."""

    value: str
    label: Inline


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form.

    :param value: what stands in it at first: typed text, an id, or a comma list of ids.
    :param error: shown beside the field after a failed submission; nothing typed is lost.
    """

    name: str
    label: Inline
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    options: tuple[Option, ...] = ()
    value: str = ""
    help: Inline | None = None
    error: Inline | None = None
    max_length: int = 3000


@dataclass(frozen=True, slots=True)
class Form:
    """A form that submits its values to a command.

    :param command: command and subcommand (``change log``), with fixed arguments if any.
    """

    command: str
    title: Inline
    fields: tuple[FormField, ...]
    submit: Inline
    intro: Inline | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one request.

    :param private: only the asker should see it (on surfaces that can; elsewhere it goes to them
        alone).
    """

    cards: tuple[Card, ...] = ()
    form: Form | None = None
    private: bool = False


def say(key: str, /, **params: Inline | int) -> Reply:
    """A reply of one short line."""
    return Reply((Card(T(key, params)),))


def whisper(key: str, /, **params: Inline | int) -> Reply:
    """A reply of one short line that only the asker sees."""
    return Reply((Card(T(key, params)),), private=True)
