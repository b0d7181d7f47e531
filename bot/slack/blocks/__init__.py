"""Cards and forms as Slack's Block Kit, within every limit and with every typed text harmless."""

from bot.slack.blocks.buttons import ACTION, pressed_command
from bot.slack.blocks.home import home_view
from bot.slack.blocks.inputs import found_options
from bot.slack.blocks.message import Message, card_message, card_messages
from bot.slack.blocks.modal import (
    FORM_CALLBACK,
    Metadata,
    form_errors,
    form_view,
    loading_view,
    notice_view,
    read_metadata,
)
from bot.slack.blocks.values import form_files, form_values

__all__ = [
    "ACTION",
    "FORM_CALLBACK",
    "Message",
    "Metadata",
    "card_message",
    "card_messages",
    "form_errors",
    "form_files",
    "form_values",
    "form_view",
    "found_options",
    "home_view",
    "loading_view",
    "notice_view",
    "pressed_command",
    "read_metadata",
]
