"""Where mails that were asked for before look for what they run: RQ keeps its dotted name."""

from .notices.outbox import send

__all__ = ["send"]
