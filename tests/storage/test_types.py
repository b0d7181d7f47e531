from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select, text

from storage.database import Database
from storage.types import Json, UtcDateTime

metadata = MetaData()
samples = Table(
    "samples",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime),
    Column("value", Json),
)


@pytest.fixture
def sample_db(db: Database) -> Iterator[Database]:
    with db.write() as conn:
        metadata.create_all(conn)
    yield db
    with db.write() as conn:
        metadata.drop_all(conn)


def store(db: Database, **values: Any) -> Any:
    with db.write() as conn:
        conn.execute(samples.delete())
        conn.execute(insert(samples).values(id=1, **values))
    with db.read() as conn:
        return conn.execute(select(samples)).one()


@pytest.mark.parametrize(
    "instant",
    [
        pytest.param(datetime(2026, 1, 31, 8, 30, tzinfo=UTC), id="whole minute"),
        pytest.param(datetime(2026, 1, 31, 8, 30, 0, 1, tzinfo=UTC), id="one microsecond"),
        pytest.param(datetime(2026, 1, 31, 8, 30, tzinfo=ZoneInfo("Asia/Shanghai")), id="Shanghai"),
        pytest.param(
            datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=ZoneInfo("America/New_York")),
            id="second 1:30 of the night the clocks go back",
        ),
        pytest.param(
            datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=5, minutes=45))), id="odd offset"
        ),
        pytest.param(datetime(999, 1, 1, tzinfo=UTC), id="year of three digits"),
    ],
)
def test_an_instant_comes_back_as_the_same_instant_in_utc(
    sample_db: Database, instant: datetime
) -> None:
    at = store(sample_db, at=instant).at
    assert at == instant.astimezone(UTC)
    assert at.tzinfo is UTC


def test_a_naive_date_time_is_refused_when_stored(sample_db: Database) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        store(sample_db, at=datetime(2026, 1, 1))  # noqa: DTZ001 - what is being refused


def test_a_naive_date_time_is_refused_when_compared(sample_db: Database) -> None:
    query = select(samples).where(samples.c.at < datetime(2026, 1, 1))  # noqa: DTZ001 - what is being refused
    with pytest.raises(ValueError, match="without a zone"), sample_db.read() as conn:
        conn.execute(query)


def test_instants_of_different_zones_sort_and_compare_as_instants(sample_db: Database) -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    rows = [
        {"id": 1, "at": noon.astimezone(ZoneInfo("Asia/Shanghai"))},
        {"id": 2, "at": noon + timedelta(microseconds=1)},
        {"id": 3, "at": (noon - timedelta(hours=1)).astimezone(ZoneInfo("Pacific/Auckland"))},
    ]
    with sample_db.write() as conn:
        conn.execute(insert(samples), rows)
    with sample_db.read() as conn:
        assert conn.scalars(select(samples.c.id).order_by(samples.c.at)).all() == [3, 1, 2]
        due = select(samples.c.id).where(samples.c.at <= noon).order_by(samples.c.id)
        assert conn.scalars(due).all() == [1, 3]
        assert conn.scalar(select(func.max(samples.c.at))) == noon + timedelta(microseconds=1)


def test_sqlite_keeps_instants_as_text_of_one_width(sqlite_db: Database) -> None:
    with sqlite_db.write() as conn:
        metadata.create_all(conn)
        conn.execute(insert(samples).values(id=1, at=datetime(2026, 1, 31, 8, tzinfo=UTC)))
        assert conn.scalar(text("SELECT at FROM samples")) == "2026-01-31T08:00:00.000000Z"


@pytest.mark.postgres
def test_postgres_keeps_instants_with_their_zone(postgres_db: Database) -> None:
    with postgres_db.write() as conn:
        metadata.create_all(conn)
        kind = conn.scalar(
            text(
                "SELECT data_type FROM information_schema.columns"
                " WHERE table_name = 'samples' AND column_name = 'at'"
            )
        )
    assert kind == "timestamp with time zone"


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"标题": "登录改版", "n": 1, "部分": [1.5, True, None]}, id="nested, Chinese"),
        pytest.param([], id="empty list"),
        pytest.param("text", id="bare string"),
        pytest.param(0, id="zero"),
        pytest.param(False, id="false"),
    ],
)
def test_json_comes_back_as_it_went_in(sample_db: Database, value: Any) -> None:
    assert store(sample_db, value=value).value == value


def test_no_json_is_null_for_queries_too(sample_db: Database) -> None:
    assert store(sample_db, value=None).value is None
    with sample_db.read() as conn:
        assert conn.scalar(select(samples.c.id).where(samples.c.value.is_(None))) == 1


def test_sqlite_keeps_chinese_readable(sqlite_db: Database) -> None:
    with sqlite_db.write() as conn:
        metadata.create_all(conn)
        conn.execute(insert(samples).values(id=1, value={"名": "督办"}))
        assert conn.scalar(text("SELECT value FROM samples")) == '{"名":"督办"}'


def test_a_number_that_json_does_not_know_is_refused(sample_db: Database) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        store(sample_db, value={"n": float("nan")})


plain = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | plain,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(plain, inner, max_size=4),
    max_leaves=12,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(instant=st.datetimes(timezones=st.timezones()), value=json_values)
def test_whatever_goes_in_comes_back(sample_db: Database, instant: datetime, value: Any) -> None:
    try:
        expected = instant.astimezone(UTC)
    except OverflowError:  # within a day of year 1 or 9999 there is no such instant in UTC
        return
    row = store(sample_db, at=instant, value=value)
    assert (row.at, row.value) == (expected, value)
