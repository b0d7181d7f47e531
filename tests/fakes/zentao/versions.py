"""What differs between the versions of ZenTao that the fake plays (facts §13)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Version:
    """One version's habits.

    :param name: as ``?mode=getconfig`` tells it.
    :param v2: whether ``api.php/v2`` exists.
    :param strict_lists: whether reading lists in parallel with one token kills the token.
    :param list_status: HTTP status of a product's list of stories.
    :param created: HTTP status of a created story.
    :param empty_is_200: an empty required field answers 200 ``result: fail`` (else 400).
    :param submits: whether ``submitreview`` exists and a creation with reviewers is under review.
    """

    name: str
    v2: bool
    strict_lists: bool
    list_status: int
    created: int
    empty_is_200: bool
    submits: bool

    @property
    def old(self) -> bool:
        """Whether this is an 18.x."""
        return not self.v2


def version_of(name: str) -> Version:
    """The habits of a version; everything from 21.7 behaves like 22.4, all before like 18.10."""
    major, minor = (int(part) for part in name.split(".")[:2])
    new = (major, minor) >= (21, 7)
    return Version(
        name=name,
        v2=new,
        strict_lists=new,
        list_status=201 if new else 200,
        created=200 if new else 201,
        empty_is_200=new,
        submits=new,
    )
