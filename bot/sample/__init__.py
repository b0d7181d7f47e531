"""The sample product: one realistic product of a logistics company, to try everything on."""

from bot.sample.loading import load, remove

__all__ = ["load", "remove"]
