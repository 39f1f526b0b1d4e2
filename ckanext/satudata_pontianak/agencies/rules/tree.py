"""The tree of agencies, as a mapping of agency to parent.

Pure: knows nothing of CKAN. Every function ends on a tree that contains a loop, because a
loop can be put into the database past our doors and must not hang the site.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

Parents = Mapping[str, "str | None"]


def ancestors(agency_id: str, parents: Parents) -> list[str]:
    """List the ancestors, nearest first. A parent that is not in the mapping ends the line.

    An agency that was closed is not in the mapping, so nothing is inherited through it.
    """
    found: list[str] = []
    seen = {agency_id}
    current = parents.get(agency_id)
    while current is not None and current in parents and current not in seen:
        found.append(current)
        seen.add(current)
        current = parents.get(current)
    return found


def descendants(agency_ids: Iterable[str], parents: Parents) -> frozenset[str]:
    """All agencies below the given ones, themselves left out unless they stand below another."""
    children: dict[str, list[str]] = defaultdict(list)
    for child, parent in parents.items():
        if parent is not None and parent in parents:
            children[parent].append(child)
    found: set[str] = set()
    waiting = [a for a in agency_ids if a in parents]
    while waiting:
        for child in children[waiting.pop()]:
            if child not in found:
                found.add(child)
                waiting.append(child)
    return frozenset(found)


def makes_loop(agency_id: str, new_parent: str | None, parents: Parents) -> bool:
    """Would the tree contain a loop if the agency were hung under the new parent?"""
    if new_parent is None:
        return False
    if new_parent == agency_id:
        return True
    changed = {**parents, agency_id: new_parent}
    changed.setdefault(new_parent, None)
    current: str | None = new_parent
    seen: set[str] = set()
    while current is not None and current not in seen:
        if current == agency_id:
            return True
        seen.add(current)
        current = changed.get(current)
    return False


def loops(parents: Parents) -> frozenset[str]:
    """The agencies that stand in a loop, for the check of an existing database."""
    found: set[str] = set()
    for start in parents:
        current = parents.get(start)
        seen: set[str] = set()
        while current is not None and current not in seen:
            if current == start:
                found.add(start)
                break
            seen.add(current)
            current = parents.get(current)
    return frozenset(found)
