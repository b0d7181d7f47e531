"""Products and the channels that they are bound to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from sqlalchemy import select

from domain.errors import NotFoundError
from domain.people import ARCHIVED, Channel, Product
from storage.repository import Repository
from storage.schedule import Schedule
from storage.tables import core as t


class Products(Repository):
    """Products of the workspace."""

    def add(self, product: Product, *, sample: bool = False) -> None:
        """Add a product; a taken key raises ``ConflictError``."""
        self._insert(t.products, {"id": product.id, "sample": sample, **_product_values(product)})

    def save(self, product: Product) -> None:
        """Replace everything but the id."""
        self._update(t.products, t.products.c.id == product.id, _product_values(product))

    def get(self, product_id: str) -> Product:
        """The product with this id; ``NotFoundError`` if none."""
        row = self._row(t.products, id=product_id)
        if row is None:
            raise NotFoundError("setup.unknown_product", product=product_id)
        return product_of(row)

    def by_key(self, key: str) -> Product | None:
        """The product with this key or this exact name."""
        p = t.products.c
        where = self._mine(t.products, (p.key == key.casefold()) | (p.name == key))
        row = self._first(select(t.products).where(where))
        return product_of(row) if row else None

    def all(self) -> tuple[Product, ...]:
        """Every product, by key."""
        query = select(t.products).where(self._mine(t.products)).order_by(t.products.c.key)
        return tuple(product_of(r) for r in self._all(query))

    def samples(self) -> tuple[Product, ...]:
        """The products that came as samples."""
        where = self._mine(t.products, t.products.c.sample)
        return tuple(product_of(r) for r in self._all(select(t.products).where(where)))

    def remove(self, product_id: str) -> None:
        """Remove the product and everything that belongs to it alone."""
        self._delete(t.products, t.products.c.id == product_id)


class Channels(Repository):
    """Channels and direct conversations, on every platform."""

    def add(self, channel: Channel, *, sample: bool = False) -> None:
        """Add a channel; a platform's id that is known already raises ``ConflictError``."""
        self._insert(t.channels, {"id": channel.id, "sample": sample, **_channel_values(channel)})
        self._look_again(channel)

    def save(self, channel: Channel) -> None:
        """Replace everything but the id."""
        self._update(t.channels, t.channels.c.id == channel.id, _channel_values(channel))
        self._look_again(channel)

    def _look_again(self, channel: Channel) -> None:
        """Its digest and standup may come at another hour now, or not at all."""
        if channel.kind == "channel":
            schedule = self._beside(Schedule)
            schedule.touch("channel", channel.id, channel.product_id)

    def get(self, channel_id: str) -> Channel:
        """The channel with this id; ``NotFoundError`` if none."""
        row = self._row(t.channels, id=channel_id)
        if row is None:
            raise NotFoundError("setup.unknown_channel", channel=channel_id)
        return channel_of(row)

    def by_external(self, platform: str, external_id: str) -> Channel | None:
        """The channel with a platform's id."""
        c = t.channels.c
        where = self._mine(t.channels, (c.platform == platform) & (c.external_id == external_id))
        row = self._first(select(t.channels).where(where))
        return channel_of(row) if row else None

    def by_name(self, platform: str, name: str, *, kind: str = "channel") -> Channel | None:
        """The channel of this name on a platform (not a direct conversation)."""
        rows = self._rows(t.channels, platform=platform, name=name, kind=kind)
        return channel_of(min(rows, key=lambda r: r.id)) if rows else None

    def direct(self, platform: str, person_id: str) -> Channel | None:
        """The direct conversation of a person with Duban on a platform."""
        c = t.channels.c
        where = (c.platform == platform) & (c.kind == "direct") & (c.person_id == person_id)
        row = self._first(select(t.channels).where(self._mine(t.channels, where)))
        return channel_of(row) if row else None

    def move_direct(self, from_id: str, to_id: str, *, platform: str | None = None) -> None:
        """Give a person's conversations with Duban to another.

        Where the other has one on the same platform already, it stays with whom it was.
        """
        for row in self._rows(t.channels, person_id=from_id, kind="direct"):
            wanted = platform in (None, row.platform)
            if wanted and self.direct(row.platform, to_id) is None:
                self._update(t.channels, t.channels.c.id == row.id, {"person_id": to_id})

    def of_product(self, product_id: str) -> tuple[Channel, ...]:
        """The channels bound to a product, oldest first, without those that were put away."""
        c = t.channels.c
        where = self._mine(t.channels, (c.product_id == product_id) & (c.kind != ARCHIVED))
        rows = self._all(select(t.channels).where(where).order_by(t.channels.c.id))
        return tuple(channel_of(r) for r in rows)

    def all(self, kind: str = "channel") -> tuple[Channel, ...]:
        """Every channel (or every direct conversation), by name."""
        where = self._mine(t.channels, t.channels.c.kind == kind)
        rows = self._all(select(t.channels).where(where).order_by(t.channels.c.name))
        return tuple(channel_of(r) for r in rows)

    def sample_ids(self) -> tuple[str, ...]:
        """The channels that came with the sample product."""
        where = self._mine(t.channels, t.channels.c.sample)
        return tuple(r.id for r in self._all(select(t.channels.c.id).where(where)))

    def remove(self, channel_id: str) -> None:
        """Remove the channel and what was said there."""
        self._delete(t.channels, t.channels.c.id == channel_id)


def _product_values(p: Product) -> dict[str, Any]:
    return {
        "key": p.key.casefold(),
        "name": p.name,
        "tracker": p.tracker,
        "tracker_ref": p.tracker_ref,
        "settings": dict(p.settings),
    }


def product_of(row: Any) -> Product:
    """The product that a row tells of."""
    settings: Mapping[str, str] = row.settings
    return Product(
        row.id, row.key, row.name, row.tracker, row.tracker_ref, tuple(sorted(settings.items()))
    )


def _channel_values(c: Channel) -> dict[str, Any]:
    return {
        "platform": c.platform,
        "external_id": c.external_id,
        "name": c.name,
        "kind": c.kind,
        "product_id": c.product_id,
        "person_id": c.person_id,
        "locale": c.locale,
        "zone": c.zone,
        "digest_at": c.digest_at.strftime("%H:%M") if c.digest_at else None,
        "standup_at": c.standup_at.strftime("%H:%M") if c.standup_at else None,
    }


def channel_of(row: Any) -> Channel:
    """The channel that a row tells of."""
    return Channel(
        id=row.id,
        platform=row.platform,
        external_id=row.external_id,
        name=row.name,
        kind=row.kind,
        product_id=row.product_id,
        person_id=row.person_id,
        locale=row.locale,
        zone=row.zone,
        digest_at=time.fromisoformat(row.digest_at) if row.digest_at else None,
        standup_at=time.fromisoformat(row.standup_at) if row.standup_at else None,
    )
