"""What the route of a page declares of it, for all who treat pages by their kind.

A page is declared where its address is: ``add_url_rule("/topik", "topics", page(topics, kept=True,
light=True))``. Whoever keeps, packs or lists pages reads that of the view which answers; no list of
names stands anywhere else. A page that declares nothing is neither kept nor light, and no search
engine is to list it: it may be a form, or for who works here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

_DECLARED = "satudata_page"
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Page:
    """What is known of a page before it is made.

    ``kept``: it shows metadata alone, and the same to everybody without a name: it is kept for them
    until something changes. ``light``: it needs none of the scripts of forms. ``about``: what it
    is about, for search engines, where it has no words of its own. ``listed``: they may list it.
    """

    kept: bool = False
    light: bool = False
    about: str = ""
    listed: bool = False


NOTHING = Page()


def page(view: View, *, kept: bool = False, light: bool = False, about: str = "") -> View:
    """Return a view that declares what its page is; the view itself declares nothing.

    It is a page for everybody, which search engines may list.
    """

    @wraps(view)
    def declared(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs)

    setattr(declared, _DECLARED, Page(kept, light, about, listed=True))
    return declared  # type: ignore[return-value]


def declared_of(view: Callable[..., Any] | None) -> Page:
    """Return what a view declares of its page."""
    return getattr(view, _DECLARED, NOTHING)
