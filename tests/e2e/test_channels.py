"""A second channel in a real Chromium: made with the small plus, there at once for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import Chat, opened
from tests.e2e.server import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "data").start()
    yield server
    server.stop()


def test_a_second_channel_gets_its_product(server: Server, chromium: str) -> None:
    with opened(chromium) as browser:
        mine, other = Chat(browser, server.url), Chat(browser, server.url)
        expect(mine.page.locator(".empty .start")).to_have_count(3)
        expect(mine.page.locator(".empty")).to_contain_text("/setup product")
        mine.page.get_by_role("button", name="新建频道").click()
        mine.fill(name="仓储")
        mine.submit()
        mine.sees("频道 仓储 已新建")
        expect(other.page.locator("#side a.entry", has_text="仓储")).to_be_visible()
        mine.shot("11-new-channel")
        mine.go("仓储")
        mine.press(mine.sees("新频道已建好"), "绑定或新建产品")
        mine.fill(name="仓储系统")
        mine.submit()
        mine.sees("已新建产品 仓储系统 并绑定频道 仓储")
        expect(mine.page.locator("#top .product")).to_have_text("仓储系统")
        assert mine.complaints == other.complaints == []
