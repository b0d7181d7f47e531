"""What a person does with the page: types, presses, fills in, reacts, reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, Response, expect, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 90_000
"""Milliseconds that a page gets on a busy machine."""

SHOTS = Path("screenshots")


@contextmanager
def opened(chromium: str) -> Iterator[Browser]:
    """A real Chromium without a window."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


def _said(response: Response) -> bool:
    return response.request.method == "POST" and response.url.endswith("/messages")


class Chat:
    """The page in one window.

    Whatever the page complains about on its console is kept, and fails the test that asks.
    """

    def __init__(self, browser: Browser, url: str, *, width: int = 1280, locale: str = "zh-CN"):
        context = browser.new_context(
            viewport={"width": width, "height": 860}, locale=locale, accept_downloads=True
        )
        self.page: Page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._console)
        self.page.on("response", self._response)
        self.page.goto(url)
        self.field.wait_for()

    def _console(self, message: object) -> None:
        text = str(getattr(message, "text", ""))
        if getattr(message, "type", "") == "error" and "Failed to load resource" not in text:
            self.complaints.append(text)

    def _response(self, response: Response) -> None:
        old_session = response.status == 403 and response.url.endswith("/read")
        if response.status >= 400 and not old_session:  # marked read while the person changed
            self.complaints.append(f"{response.status} {response.url}")

    @property
    def field(self) -> Locator:
        return self.page.locator("#composer textarea")

    @property
    def messages(self) -> Locator:
        return self.page.locator("#timeline .message:not(.pending)")

    @property
    def last(self) -> Locator:
        return self.messages.last

    def become(self, handle: str) -> None:
        """Switch to another person, and wait until the page is theirs to type in."""
        option = self.page.locator("#who option", has_text=f"@{handle}").first
        self.field.evaluate("field => { field.placeholder = 'before' }")
        self.page.select_option("#who", option.get_attribute("value"))
        expect(self.page.locator("#who option:checked")).to_contain_text(f"@{handle}")
        expect(self.field).to_have_attribute("placeholder", re.compile("^(?!before$).+"))

    def go(self, channel: str) -> None:
        """Open a conversation by its name."""
        self.page.locator("#side a.entry", has_text=channel).first.click()
        expect(self.page.locator("#side a.entry.open")).to_contain_text(channel)

    def say(self, text: str, expected: str) -> Locator:
        """Type a line, send it, and wait for a message that says what is expected."""
        self.send(text)
        return self.sees(expected)

    def send(self, text: str) -> None:
        """Type a line, send it, and wait until the server has answered."""
        self.field.fill(text)
        self.field.press("Escape")
        with self.page.expect_response(_said):
            self.field.press("Enter")

    def sees(self, text: str) -> Locator:
        """The newest message with this text; waits for it."""
        found = self.messages.filter(has_text=text).last
        expect(found).to_be_visible()
        return found

    def remark(self, text: str) -> Locator:
        """Something that a person said (not a card that quotes it)."""
        return self.page.locator("#timeline .message.is-said").filter(has_text=text).first

    def press(self, message: Locator, label: str, *, confirm: bool = False) -> None:
        """Press a button of a message."""
        message.get_by_role("button", name=label, exact=True).first.click()
        if confirm:
            self.page.locator("#ask button.primary, #ask button.danger").last.click()

    @property
    def form(self) -> Locator:
        """The form that is open."""
        form = self.page.locator("dialog#form form")
        expect(form).to_be_visible()
        return form

    def fill(self, **values: str) -> None:
        """Fill in the open form by field names."""
        for name, value in values.items():
            field = self.form.locator(f"[data-field={name}]")
            if field.locator("fieldset").count():
                for part in value.split(","):
                    field.locator("label.option", has_text=part).first.click()
            elif field.locator("select").count():
                option = field.locator("option", has_text=value).first
                field.locator("select").select_option(option.get_attribute("value"))
            else:
                field.locator("input, textarea").first.fill(value)

    def submit(self) -> None:
        """Send the open form."""
        self.form.locator("[type=submit]").click()

    def react(self, message: Locator, emoji: str) -> None:
        """Put a quick emoji on a message."""
        message.hover()
        message.locator(".tools").get_by_role("button", name=emoji, exact=True).first.click()
        expect(message.locator(".reaction", has_text=emoji)).to_be_visible()

    def attach(self, name: str, data: bytes, mime: str) -> None:
        """Choose a file to send with the next line."""
        chosen = self.page.locator("#composer input[type=file]")
        chosen.set_input_files({"name": name, "mimeType": mime, "buffer": data})
        expect(self.page.locator("#composer .chip:not(.busy)", has_text=name)).to_be_visible()

    def download(self, message: Locator, name: str) -> bytes:
        """Open a file of a message."""
        with self.page.expect_download() as started:
            message.locator("a", has_text=name).first.click()
        return Path(started.value.path()).read_bytes()

    def shot(self, name: str) -> None:
        """A screenshot to look at, when the folder for them exists."""
        if SHOTS.is_dir():
            self.page.screenshot(path=SHOTS / f"{name}.png")
