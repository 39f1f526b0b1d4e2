"""Stories told with data (``schemas/stories.yaml``): a question, its pictures, their sources.

The policy is asked for each picture whenever it is shown. What is not open, or not there, leaves
the same line in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import flask
import msgspec

import ckan.plugins.toolkit as tk

from ... import paths
from ...surface import declared
from ...surface.pages import page
from ...surface.yaml_source import Source
from ..web import call as asking
from . import helpers
from .showing import Asked, Shown

stories = flask.Blueprint("satudata_stories", __name__)


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A picture of a story: of which dataset, of which of its files, and what is said of it."""

    name: str
    dataset: str
    label: str
    help: str
    file: str = ""
    measure: str = ""
    map: bool = False

    def names(self, resource: dict[str, Any]) -> bool:
        """Tell whether a file of the dataset is meant."""
        return not self.file or resource.get("name") == self.file


class Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question with its pictures, and a word at the end."""

    name: str
    label: str
    help: str
    parts: tuple[Part, ...]
    message: str = ""

    def __post_init__(self) -> None:
        """Refuse parts with one name, and a picture that stands twice on the page."""
        declared.once(part.name for part in self.parts)
        declared.once(f"{p.dataset}/{p.file}/{p.map}" for p in self.parts)


class Stories(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file."""

    version: int
    stories: tuple[Story, ...]

    def __post_init__(self) -> None:
        """Refuse two stories of one name."""
        declared.once(story.name for story in self.stories)


@dataclass(frozen=True)
class Told:
    """A part as it is shown; without a picture it is not to be had now."""

    part: Part
    dataset: dict[str, Any] | None = None
    resource: dict[str, Any] | None = None
    picture: Shown | None = None
    args: dict[str, str] | None = None


@cache
def known() -> dict[str, Story]:
    """Return the stories by their names, in their order."""
    read = Source.read(paths.schemas() / "stories.yaml").shaped(Stories)
    return {story.name: story for story in read.stories}


def told(part: Part) -> Told:
    """Return a part with its picture, for whoever asks now."""
    try:
        dataset = asking.call("package_show", id=part.dataset)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return Told(part)
    # By its name: what stands in one place of a dataset today is another file tomorrow.
    named = [each for each in dataset.get("resources") or [] if part.names(each)]
    if len(named) != 1:
        return Told(part)
    (resource,) = named
    asked = Asked(part.measure, part.map)
    picture = helpers.picture(dataset["id"], resource["id"], asked)
    if picture is None or not picture.drawn:
        return Told(part)
    args = {"ukuran": part.measure, "jenis": "peta" if part.map else ""}
    return Told(part, dataset, resource, picture, {k: v for k, v in args.items() if v})


def index() -> str:
    """List the stories of which something can be shown."""
    there = [s for s in known().values() if any(told(part).picture for part in s.parts)]
    return tk.render("satudata/stories.html", {"stories": there})


def story(name: str) -> Any:
    """Tell a story."""
    found = known().get(name)
    parts = [told(part) for part in found.parts] if found is not None else []
    if not any(part.picture for part in parts):
        return tk.abort(404, tk._("There is no story with this name."))
    sources = {t.dataset["id"]: t.dataset for t in parts if t.dataset is not None}
    shown = {"story": found, "parts": parts, "sources": list(sources.values())}
    return tk.render("satudata/story.html", shown)


stories.add_url_rule("/cerita", "index", page(index, light=True))
stories.add_url_rule("/cerita/<name>", "story", page(story, light=True))
