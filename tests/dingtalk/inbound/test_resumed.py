"""What was acknowledged and not yet done when its process died: another one does all of it.

The row that keeps such a request is all that is left of it, so it is what the tests begin with.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.requests import Kind, Request
from storage.dingtalk import Dialog
from tests.dingtalk.card_template import TEMPLATE_ID, card_template
from tests.dingtalk.inbound.office import Office
from tests.fakes.dingtalk.saying import ALONE


@pytest.fixture(scope="module")
def office(new_office: Callable[..., Office]) -> Office:
    made = new_office()
    made.furnish()
    made.alone("po", "菜单")
    return made


@pytest.fixture(scope="module")
def with_cards(new_office: Callable[..., Office]) -> Office:
    made = new_office(DINGTALK_CARD_TEMPLATE=TEMPLATE_ID)
    made.dingtalk.add_template(card_template())
    made.furnish()
    return made


def _request(office: Office, text: str, event: str, **more: object) -> Request:
    with office.store.read(office.workspace.id) as uow:
        group = uow.channels.by_external("dingtalk", office.group.id)
    assert group is not None
    now = office.clock.now()
    made = {"kind": Kind.COMMAND, **more}
    return Request(
        event,
        "dingtalk",
        office.workspace.id,
        group.id,
        office.person("po"),
        now,
        text=text,
        **made,
    )  # type: ignore[arg-type]


def _left_behind(office: Office, request: Request) -> None:
    """What a process leaves that dies right after the acknowledgment, and what comes of it."""
    office.core.intake._keeping.keep(request).result(30)
    office.clock.advance(timedelta(seconds=21))
    office.settle()
    office.settle()


def _dialog(office: Office) -> Dialog | None:
    staff = office.dingtalk.world.users["po"].staff
    with office.store.read(office.workspace.id) as uow:
        alone = uow.channels.by_external("dingtalk", staff)
        return uow.dingtalk.dialog(alone.id, office.person("po")) if alone else None


def _changes(office: Office) -> list[str]:
    with office.store.read(office.workspace.id) as uow:
        (product,) = uow.products.all()
        return [c.content.what for c in uow.changes.recent(product.id, 1000)]


def test_a_form_is_asked_and_its_submission_ends_it(office: Office) -> None:
    po = office.dingtalk.person("po")
    before = po.screen(ALONE)
    _left_behind(office, _request(office, "变更 登记", "died-1"))
    assert "登记变更（1/" in po.screen(ALONE)[len(before) :]
    office.alone("po", "S1")
    dialog = _dialog(office)
    assert dialog is not None
    values = {**dialog.answers, "what": "死在半路"}
    submitted = _request(office, dialog.form.command, "died-2", kind=Kind.FORM, values=values)
    _left_behind(office, submitted)
    assert _changes(office) == ["死在半路"]
    assert "已提交" in po.screen(ALONE)[len(before) :]
    assert _dialog(office) is None, "the same could be submitted once more"


def test_a_form_is_opened_on_a_card(with_cards: Office) -> None:
    _left_behind(with_cards, _request(with_cards, "变更 登记", "died-3"))
    cards = [m.card for m in with_cards.group.said_by_robot() if m.card]
    assert with_cards.dingtalk.card(cards[-1]).seen_by("po").text.startswith("登记变更")


def test_errors_are_said_where_it_was_asked_once(office: Office) -> None:
    po = office.dingtalk.person("po")
    before = po.screen(office.group)
    for _ in range(2):
        _left_behind(office, _request(office, "变更 批准 CR-99", "died-4"))
    assert po.screen(office.group)[len(before) :].count("CR-99") == 1
