"""A chat to look at: ``python tests/webchat/try_it.py 8765``, a made-up team, sample cards."""

from __future__ import annotations

import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from domain.clock import SystemClock
from storage.database import Database
from storage.migrate import upgrade
from tests.webchat import world


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    url = f"sqlite:///{folder / 'chat.sqlite'}"
    upgrade(url)
    settings = replace(world.SETTINGS, upload_limit=20 * 1024 * 1024)
    locale = sys.argv[2] if len(sys.argv) > 2 else "zh"
    with world.chat_server(
        Database(url), folder / "files", locale=locale, settings=settings, clock=SystemClock(),
        port=int(sys.argv[1]),
    ) as server:  # fmt: skip
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        seed(server)
        threading.Event().wait()


def seed(server: world.ChatServer) -> None:
    with server.browser("pm") as pm, server.browser("dev") as dev, server.browser("po") as po:
        pm.say(
            "早上好，今天下午两点评审登录改版，需求在 https://zentao.example.com/story-view-12.html"
        )
        dev.say("收到，我看了原型，找回密码那一页还有个问题")
        dev.say("锁定之后管理员从哪里解锁？")
        root = po.say("好问题，@李雷 我补一下说明")["messages"][0]["id"]
        dev.say("好的", thread=root)
        pm.say("别忘了短信文案也要过一遍", thread=root)
        po.say("/sampler show")
        po.say("/sampler join")
        dev.react(root, "👍")
        pm.react(root, "📌")
        po.say("/reviw start 登录改版")
        pm.say("**重要**：上线时间定在周五\n请大家在周三之前把各自的部分走查一遍 🙏")


if __name__ == "__main__":
    main()
