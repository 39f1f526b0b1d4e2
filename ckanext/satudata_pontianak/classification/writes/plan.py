"""What a write really changes: compare it with what the writer was shown.

Pure. A write counts only where it differs from what ``package_show`` gave that caller; what
is hidden from them and absent is kept; ``satudata_*`` is dropped. So reading a dataset and
writing it back unchanged changes nothing, whoever does it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...metadata import title_periods
from ...surface import keys, links
from ..rules.axes import AXES

OURS = "satudata_"
# Where a kept file was fetched from; sent back, it is no new link.
SOURCE = "satudata_source"
# What belongs to the bytes: nobody writes these without bringing new bytes.
BYTES_FIELDS = ("url", "url_type", "size", "hash", "mimetype", "mimetype_inner", "last_modified")
# Never taken from a writer: CKAN or we keep them.
KEPT_RESOURCE_FIELDS = tuple(sorted({*keys.ignored("resource"), "package_id"} - set(BYTES_FIELDS)))
# What comes with new bytes and waits with them.
PENDING_DATASET_FIELDS = ("tahun", "cakupan")


@dataclass(frozen=True)
class BytesChange:
    """New bytes or a new link of one resource."""

    resource_id: str
    index: int
    new: bool
    upload: Any | None
    link: str | None
    incoming: Mapping[str, Any]


@dataclass
class Plan:
    """A write, taken apart. ``data`` is what may go on to core.

    New files get new ids, whatever they came with: core would say of an id that some other
    dataset has it, also of one that the writer may not know of. With ``keeps_ids`` they keep
    theirs, for who sees everything.
    """

    data: dict[str, Any]
    axes: dict[str, str] = field(default_factory=dict)
    bytes: list[BytesChange] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    changed_fields: dict[str, Any] = field(default_factory=dict)
    renamed: dict[str, dict[str, Any]] = field(default_factory=dict)
    bad_links: list[str] = field(default_factory=list)
    """What is wrong with links, as msgids."""
    keeps_ids: bool = False
    title_moves: bool = False
    """Of the title nothing changes but the month, quarter or semester that it names."""

    def check_link(self, link: str) -> None:
        """Note what is wrong with a link."""
        wrong = links.problem(link)
        if wrong is not None:
            self.bad_links.append(wrong)


def without_ours(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``values`` without what we add to every answer."""
    return {k: v for k, v in values.items() if not str(k).startswith(OURS)}


def _same(left: Any, right: Any) -> bool:
    """Tell whether two values say the same; nothing, null and empty text are one."""
    return left == right or (left in (None, "", []) and right in (None, "", []))


def take_axes(data: dict[str, Any], shown: Mapping[str, Any]) -> dict[str, str]:
    """Take the axes out of ``data`` and return those that differ from what was shown."""
    changed = {}
    for axis in AXES:
        value = data.pop(axis, None)
        if isinstance(value, str):
            value = value.strip()
        if not _same(value, shown.get(axis)) and value not in (None, ""):
            changed[axis] = value
    extras = data.get("extras")
    if isinstance(extras, list):
        # The same fields by the old door of free extras: they are ours there as well.
        data["extras"] = [
            e
            for e in extras
            if not (
                isinstance(e, Mapping)
                and (e.get("key") in AXES or str(e.get("key", "")).startswith(OURS))
            )
        ]
    return changed


def is_file(value: Any) -> bool:
    """Tell whether a form value is an uploaded file with a name."""
    return bool(getattr(value, "filename", None)) and hasattr(value, "stream")


def link_of(resource: Mapping[str, Any]) -> str | None:
    """Return the address of a linked resource, ``None`` where there is none."""
    url = str(resource.get("url") or "").strip()
    if not url or resource.get("url_type") == "upload":
        return None
    return url


def plan_create(incoming: Mapping[str, Any], *, keeps_ids: bool = False) -> Plan:
    """Take a new dataset apart: everything in it is new.

    :param keeps_ids: files keep the ids that they came with; see :class:`Plan`.
    """
    data = without_ours(incoming)
    for name in keys.ignored("dataset"):
        data.pop(name, None)
    plan = Plan(data, take_axes(data, {}), keeps_ids=keeps_ids)
    data["private"] = True
    resources = data.get("resources")
    if isinstance(resources, list):
        data["resources"] = [
            _new_resource(plan, item, index) if isinstance(item, Mapping) else item
            for index, item in enumerate(resources)
        ]
    return plan


def plan_update(
    incoming: Mapping[str, Any],
    shown: Mapping[str, Any],
    stored: Mapping[str, Any],
    *,
    keeps_ids: bool = False,
) -> Plan:
    """Take a change apart.

    :param incoming: what the caller sent, e.g. to ``package_update``.
    :param shown: what ``package_show`` gives this caller.
    :param stored: what core keeps, without anything laid over it.
    :param keeps_ids: new files keep the ids that they came with; see :class:`Plan`.
    """
    data = without_ours(incoming)
    plan = Plan(data, take_axes(data, shown), keeps_ids=keeps_ids)
    for key, value in list(data.items()):
        if key == "resources":
            continue
        if key in keys.ignored("dataset"):
            _put_back(data, key, stored)
        elif _same(value, shown.get(key)) and key in stored:
            data[key] = stored[key]
        elif not _same(value, stored.get(key)):
            plan.changed_fields[key] = value
    for key, value in stored.items():
        # Hidden from the caller and absent: kept.
        if key not in shown and key not in data and key != "resources":
            data[key] = value
    data["private"] = stored.get("private", True)
    plan.changed_fields.pop("private", None)
    title = str(plan.changed_fields.get("title") or "")
    plan.title_moves = title_periods.moved(str(stored.get("title") or ""), title)
    if isinstance(data.get("resources"), list):
        _plan_resources(plan, data["resources"], shown, stored)
    else:
        data.pop("resources", None)
    return plan


def _put_back(data: dict[str, Any], key: str, stored: Mapping[str, Any]) -> None:
    """Take what is kept for what came: nobody writes this key.

    The time of the last change would count as a new one, and hide that something changed.
    """
    if key in stored and key != "metadata_modified":
        data[key] = stored[key]
    else:
        del data[key]


def _plan_resources(
    plan: Plan, incoming: list[Any], shown: Mapping[str, Any], stored: Mapping[str, Any]
) -> None:
    shown_by_id = {r["id"]: r for r in shown.get("resources", ())}
    stored_by_id = {r["id"]: r for r in stored.get("resources", ())}
    result: list[Any] = []
    seen: set[str] = set()
    for item in _with_hidden(incoming, shown_by_id, stored_by_id):
        if isinstance(item, _Hidden):
            result.append(dict(item.resource))
            continue
        if not isinstance(item, Mapping):
            result.append(item)
            continue
        resource_id = str(item.get("id") or "")
        if resource_id in stored_by_id and resource_id not in seen:
            seen.add(resource_id)
            result.append(
                _known_resource(
                    plan,
                    item,
                    len(result),
                    shown_by_id.get(resource_id, {}),
                    stored_by_id[resource_id],
                )
            )
        else:
            result.append(_new_resource(plan, item, len(result)))
    plan.removed += [r for r in stored_by_id if r in shown_by_id and r not in seen]
    plan.data["resources"] = result


@dataclass(frozen=True)
class _Hidden:
    """A file that the caller neither sees nor named."""

    resource: Mapping[str, Any]


def _with_hidden(
    incoming: Sequence[Any], shown: Mapping[str, Any], stored: Mapping[str, Any]
) -> list[Any]:
    """Return what came, with each hidden file behind the one that it stood behind."""
    named = [str(item.get("id") or "") if isinstance(item, Mapping) else "" for item in incoming]
    result = list(zip(named, incoming, strict=True))
    place = 0
    for resource_id, resource in stored.items():
        if resource_id in named:
            place = [key for key, _ in result].index(resource_id) + 1
        elif resource_id not in shown:
            result.insert(place, (resource_id, _Hidden(resource)))
            place += 1
    return [item for _, item in result]


def _new_resource(plan: Plan, item: Mapping[str, Any], index: int) -> dict[str, Any]:
    resource = without_ours(item)
    upload = resource.pop("upload", None)
    resource.pop("clear_upload", None)
    # The address of the version is needed before core has given the resource an id.
    chosen = resource.get("id") if plan.keeps_ids else None
    resource_id = resource["id"] = chosen or str(uuid.uuid4())
    for name in (*KEPT_RESOURCE_FIELDS, *BYTES_FIELDS):
        if name not in ("url", "url_type"):
            resource.pop(name, None)
    if resource.get("url_type") != "upload":
        resource.pop("url_type", None)
    link = None if is_file(upload) else link_of(resource)
    if link:
        plan.check_link(link)
    if is_file(upload) or link:
        plan.bytes.append(
            BytesChange(
                resource_id, index, True, upload if is_file(upload) else None, link, dict(resource)
            )
        )
    elif resource.get("url_type") == "upload":
        # It claims a file that was not brought.
        resource["url_type"], resource["url"] = "", ""
    return resource


def _known_resource(
    plan: Plan,
    item: Mapping[str, Any],
    index: int,
    shown: Mapping[str, Any],
    stored: Mapping[str, Any],
) -> dict[str, Any]:
    given = without_ours(item)
    upload = given.pop("upload", None)
    given.pop("clear_upload", None)
    merged = dict(given)
    for key, value in stored.items():
        hidden = key not in shown and key not in given
        unchanged = key in given and _same(given[key], shown.get(key))
        if hidden or unchanged or key in KEPT_RESOURCE_FIELDS:
            merged[key] = value
    for key in KEPT_RESOURCE_FIELDS:
        if key not in stored:
            merged.pop(key, None)
    link = _changed_link(given, shown, stored)
    if link:
        plan.check_link(link)
    for key in BYTES_FIELDS:
        if key in stored:
            merged[key] = stored[key]
        else:
            merged.pop(key, None)
    if is_file(upload) or link:
        plan.bytes.append(
            BytesChange(
                stored["id"],
                index,
                False,
                upload if is_file(upload) else None,
                None if is_file(upload) else link,
                dict(merged),
            )
        )
    else:
        changed = {
            key: merged.get(key)
            for key in ("name", "description", "format")
            if not _same(merged.get(key), stored.get(key))
        }
        if changed:
            plan.renamed[stored["id"]] = changed
    return merged


def _changed_link(
    given: Mapping[str, Any], shown: Mapping[str, Any], stored: Mapping[str, Any]
) -> str | None:
    """Return the new link of a known resource, ``None`` when its address did not change."""
    url = str(given.get("url") or "").strip()
    known = (shown.get("url"), stored.get("url"), shown.get(SOURCE))
    if not url or any(_same(url, address) for address in known):
        return None
    if stored.get("url_type") == "upload":
        # Its own address in another form: with another host, or the bare name of the file.
        own = f"/resource/{stored.get('id')}/download/" in url or "/" not in url
        if own or given.get("url_type") == "upload":
            return None
    return url
