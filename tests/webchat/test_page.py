"""The page in a real Chromium."""

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from domain.messages import Card, FileRef
from domain.ports import Destination
from tests.webchat.test_files import PNG
from tests.webchat.world import MOST_SECONDS, ChatServer

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
pytestmark = pytest.mark.browser
FIELD = "#composer textarea"
PHONE = {"width": 390, "height": 780}


@pytest.fixture(scope="module")
def chromium_browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("NOT AVAILABLE: Chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(FLAGS))
        expect.set_options(timeout=MOST_SECONDS * 1000)  # a busy machine is no failure
        yield browser
        browser.close()


class Window:
    """A browser of one person; what the page complains about fails the test at its end."""

    def __init__(self, browser: Browser, chat: ChatServer, handle: str, **options) -> None:
        self.context = browser.new_context(viewport={"width": 1200, "height": 800}, **options)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(MOST_SECONDS * 1000)
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._console)
        self.page.goto(chat.url)
        self.page.wait_for_selector(FIELD)
        if handle != "po":
            self.page.select_option("#who", chat.team.id(handle))
            self.page.wait_for_function(
                "name => document.querySelector('.self .avatar').textContent === name",
                arg=chat.team.people[handle].name[-2:],
            )

    def _console(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def type(self, text: str) -> None:
        self.page.locator(FIELD).fill(text)
        self.page.locator(FIELD).press("Enter")

    def message(self, text: str):
        return self.page.locator("#timeline .message:not(.pending)").filter(has_text=text).last


@pytest.fixture
def window(chromium_browser, lite):
    opened: list[Window] = []

    def open_window(handle: str = "po", **options) -> Window:
        made = Window(chromium_browser, lite, handle, **options)
        opened.append(made)
        return made

    yield open_window
    for made in opened:
        made.context.close()
    assert [c for made in opened for c in made.complaints] == []


def test_what_one_says_the_other_sees_at_once(window):
    po, dev = window("po"), window("dev")
    po.type("第一行 <b>x</b>")
    expect(dev.message("第一行 <b>x</b>")).to_be_visible()
    dev.type("收到 @po")
    expect(po.message("收到").locator(".mention.me")).to_have_text("@陈敏")
    expect(po.page.locator("#announce")).to_contain_text("李雷: 收到")


def test_shift_enter_makes_a_line_and_an_input_method_does_not_send(window):
    po = window()
    field = po.page.locator(FIELD)
    field.press_sequentially("一")
    field.press("Shift+Enter")
    field.press_sequentially("二")
    assert field.input_value() == "一\n二"
    field.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    assert field.input_value() == "一\n二"
    field.press("Enter")
    expect(po.message("一")).to_contain_text("二")
    expect(field).to_have_value("")


def test_a_button_asks_first_shows_that_it_is_busy_and_edits_the_card(window, lite):
    po, dev = window("po"), window("dev")
    po.type("/sampler show")
    po.page.get_by_role("button", name="结束评审").click()
    po.page.locator("#ask button.danger").wait_for()
    po.page.keyboard.press("Escape")
    expect(po.page.locator("#ask")).to_be_hidden()
    po.page.get_by_role("button", name="结束评审").click()
    po.page.locator("#ask button.danger").click()
    expect(po.message("已有 1 次签到")).to_be_visible()
    dev.page.get_by_role("button", name="我也签到").click()
    expect(po.message("已有 2 次签到")).to_be_visible()
    assert po.page.locator(".message", has_text="签到表").count() == 1


def test_a_form_keeps_what_was_typed_and_shows_the_error_beside_its_field(window, lite):
    po = window()
    po.type("/sampler log")
    form = po.page.locator("#form form")
    form.locator("textarea").fill("锁定后怎么解锁")
    form.locator("label.option", has_text="数据库").click()
    form.locator("input[type=date]").fill("2026-12-31")
    form.locator("select[name=who]").select_option(lite.team.id("dev"))
    form.locator("[type=submit]").click()
    expect(form.locator("[data-field=areas] .error")).to_have_text("改数据库要同时改接口")
    expect(form.locator("textarea")).to_have_value("锁定后怎么解锁")
    expect(form.locator("input[type=date]")).to_have_value("2026-12-31")
    form.locator("label.option", has_text="接口").click()
    form.locator("label.option", has_text="数据库").click()
    form.locator("input[type=file]").set_input_files(
        {"name": "证明.txt", "mimeType": "text/plain", "buffer": b"x"}
    )
    form.locator("textarea").press("Control+Enter")
    expect(po.page.locator("#form")).to_be_hidden()
    expect(po.message("变更已记录")).to_contain_text("证明.txt")
    expect(po.page.locator(FIELD)).to_be_focused()


def test_the_forms_focus_stays_inside(window):
    po = window()
    po.type("/sampler log")
    po.page.wait_for_selector("#form textarea:focus")
    for _ in range(30):
        po.page.keyboard.press("Tab")
        inside = po.page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('#form')"
        )
        assert inside


def test_reactions_are_put_and_taken_off(window):
    po, dev = window("po"), window("dev")
    po.type("决定用短信登录")
    message = dev.message("决定用短信登录")
    message.hover()
    message.locator(".tools button[aria-label='📌']").click()
    expect(po.message("决定用短信登录").locator(".reaction b")).to_have_text("1")
    message.locator(".reaction").click()
    expect(po.message("决定用短信登录").locator(".reaction")).to_have_count(0)


def test_a_thread_beside_the_conversation(window):
    po, dev = window("po"), window("dev")
    po.type("root")
    message = po.message("root")
    message.hover()
    message.locator("button[aria-label='在话题中回复']").click()
    po.page.locator("#panel textarea").fill("reply")
    po.page.locator("#panel textarea").press("Enter")
    expect(po.page.locator("#panel .message", has_text="reply")).to_be_visible()
    expect(dev.message("root").locator(".replies")).to_contain_text("1 条回复")
    dev.message("root").locator(".replies").click()
    expect(dev.page.locator("#panel .message", has_text="reply")).to_be_visible()
    po.page.keyboard.press("Escape")
    expect(po.page.locator("#panel")).to_be_hidden()


def test_completion_by_keyboard(window):
    po = window()
    field = po.page.locator(FIELD)
    field.press_sequentially("/sam")
    expect(po.page.locator(".complete li")).to_have_count(1)
    field.press("Enter")
    expect(field).to_have_value("/sampler ")
    expect(po.page.locator(".complete li").first).to_be_visible()
    field.press_sequentially("jo")
    expect(po.page.locator(".complete li")).to_have_count(1)
    field.press("Tab")
    expect(field).to_have_value("/sampler join ")
    field.press("Enter")
    expect(po.message("已有 1 次签到")).to_be_visible()
    field.press_sequentially("@李")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")


def test_the_last_message_is_edited_with_the_arrow_and_taken_back(window):
    po, dev = window("po"), window("dev")
    po.type("tomorow")
    expect(po.message("tomorow")).to_be_visible()
    field = po.page.locator(FIELD)
    field.press("ArrowUp")
    expect(field).to_have_value("tomorow")
    field.fill("tomorrow")
    field.press("Enter")
    expect(dev.message("tomorrow")).to_contain_text("已编辑")
    message = po.message("tomorrow")
    message.hover()
    message.locator("button[aria-label='撤回']").click()
    po.page.locator("#ask button.danger").click()
    expect(dev.message("消息已撤回")).to_be_visible()


def test_language_and_draft(window):
    po = window()
    po.page.locator(FIELD).fill("写到一半")
    po.page.select_option("[aria-label='语言']", "en")
    expect(po.page.locator("#side h2").first).to_have_text("Channels")
    expect(po.page.locator("html")).to_have_attribute("lang", "en")
    expect(po.page.locator(FIELD)).to_have_value("写到一半")
    po.page.locator("#side a.entry", has_text="Duban").click()
    expect(po.page.locator(FIELD)).to_have_value("")
    po.page.locator("#side a.entry", has_text="物流").click()
    expect(po.page.locator(FIELD)).to_have_value("写到一半")
    po.page.reload()
    expect(po.page.locator(FIELD)).to_have_value("写到一半")


def test_unread_counts_in_the_left_column(window):
    po, dev = window("po"), window("dev")
    po.page.locator("#side a.entry", has_text="督办").click()
    expect(po.page.locator(".empty")).to_be_visible()
    dev.type("看一下")
    entry = po.page.locator("#side a.entry", has_text="物流")
    expect(entry.locator(".count")).to_have_text("1")
    expect(po.page).to_have_title(re.compile(r"\(1\)"))
    entry.click()
    expect(po.page.locator(".day.new")).to_be_visible()
    expect(po.page.locator("#side .count")).to_have_count(0)


def test_a_message_that_cannot_be_sent_waits_for_a_second_try(window):
    po = window()
    po.context.set_offline(True)
    po.type("别丢了")
    po.page.locator(".pending.failed").get_by_role("button", name="重试").wait_for()
    po.context.set_offline(False)
    po.page.locator(".pending.failed").get_by_role("button", name="重试").click()
    expect(po.message("别丢了")).to_be_visible()
    expect(po.page.locator(".pending")).to_have_count(0)
    po.complaints.clear()  # the browser itself notes that it was offline


def test_a_file_is_sent_and_a_picture_opens_in_full_size(window, lite):
    po, dev = window("po"), window("dev")
    po.page.locator("#composer input[type=file]").set_input_files(
        {"name": "图.png", "mimeType": "image/png", "buffer": PNG}
    )
    expect(po.page.locator("#composer .chip:not(.busy)")).to_be_visible()
    po.page.locator("#composer .send").click()
    dev.page.locator(".message .picture img").click()
    expect(dev.page.locator("#zoom img")).to_be_visible()
    dev.page.keyboard.press("Escape")
    expect(dev.page.locator("#zoom")).to_be_hidden()
    po.page.locator("#composer input[type=file]").set_input_files(
        {"name": "a.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"}
    )
    expect(po.page.locator(".toast.bad")).to_contain_text("a.exe")
    po.complaints.clear()  # a refused upload is noted on the console by the browser


def test_words_that_try_to_be_markup_do_nothing(window, lite):
    po = window()
    evil = "<img src=x onerror=\"document.title='gone'\"><script>document.title='gone'</script>"
    po.type(evil)
    card = Card(evil, (FileRef("0x", evil, "text/plain", 1),), status=evil)
    lite.surface.send(Destination(lite.team.channel.id), card, "evil-1", None, doubtful=False)
    expect(po.page.locator(".card .title", has_text="<img")).to_be_visible()
    assert "gone" not in po.page.title()
    assert po.page.locator("#timeline img, #timeline script").count() == 0


def test_a_narrow_window(window):
    po = window(is_mobile=True, has_touch=True)
    po.page.set_viewport_size(PHONE)
    po.type("/sampler show")
    expect(po.message("登录改版 需求评审")).to_be_visible()
    assert po.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    side = po.page.locator("#side")
    expect(side).not_to_be_in_viewport()
    po.page.locator("#top button").click()
    expect(side).to_be_in_viewport()
    po.page.locator("#side a.entry", has_text="督办").click()
    expect(side).not_to_be_in_viewport()
    expect(po.page.locator(".empty")).to_be_visible()


def test_scrolling_back_loads_what_was_said_before(window, lite):
    with lite.browser("pm") as pm:
        for number in range(70):
            pm.say(f"word {number}.")
    po = window()
    expect(po.message("word 69.")).to_be_visible()
    assert po.page.locator(".message", has_text="word 5.").count() == 0
    po.page.locator(".earlier").click()
    expect(po.page.locator(".message", has_text="word 0.")).to_have_count(1)
    expect(po.page.locator(".earlier")).to_have_count(0)
