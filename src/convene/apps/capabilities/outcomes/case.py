"""A map as CASE: 1EdTech's Competencies and Academic Standards Exchange 1.0, a CFPackage in JSON. Pure.

Written from the specification. Headings and outcomes are CFItems, each a child of what it stands under
(`isChildOf`, from child to parent, with a sequenceNumber). What a depth means is a CFItem below its outcome,
of the type "Depth descriptor", told apart by its abbreviatedStatement. Reading, whatever has no children but
such descriptors is an outcome; what it stands under directly is its heading.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from convene.apps.capabilities.outcomes import rules
from convene.apps.capabilities.outcomes.rules import DEPTHS, Item
from convene.foundation.errors import RuleBroken

OUTCOME, HEADING, DESCRIPTOR = "Outcome", "Heading", "Depth descriptor"
CHILD_OF = "isChildOf"
MOST_ITEMS = 5000
MOST_COMPLAINTS = 5


@dataclass(frozen=True)
class Document:
    """What a package says of itself. `address`: where the map stands; identifiers are made beneath it."""

    identifier: UUID
    title: str
    creator: str
    language: str
    address: str
    changed_at: dt.datetime


def package(document: Document, items: Sequence[Item]) -> dict[str, Any]:
    """The same map gives the same package, to the byte once written with sorted keys."""
    return _Writer(document).package(items)


class _Writer:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._at = document.changed_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._items: list[dict[str, Any]] = []
        self._associations: list[dict[str, Any]] = []
        self._headings: dict[str, UUID] = {}

    def package(self, items: Sequence[Item]) -> dict[str, Any]:
        top = self._document.identifier
        for number, item in enumerate(items, start=1):
            parent = self._heading(item.part, number) if item.part else top
            self._item(item.identifier, item.title, OUTCOME, humanCodingScheme=item.code)
            self._child(item.identifier, item.title, parent, item.part, number)
            for depth in DEPTHS:
                if words := item.depths.get(depth, ""):
                    own = uuid5(item.identifier, depth)
                    self._item(own, words, DESCRIPTOR, abbreviatedStatement=depth)
                    self._child(own, words, item.identifier, item.title, DEPTHS.index(depth) + 1)
        return {
            "CFDocument": self._about(),
            "CFItems": self._items,
            "CFAssociations": self._associations,
        }

    def _about(self) -> dict[str, Any]:
        document = self._document
        return {
            "identifier": str(document.identifier),
            "uri": self._uri(document.identifier),
            "creator": document.creator,
            "title": document.title,
            "language": document.language,
            "adoptionStatus": "Adopted",
            "lastChangeDateTime": self._at,
            "CFPackageURI": self._link(document.identifier, document.title),
        }

    def _heading(self, part: str, number: int) -> UUID:
        if part not in self._headings:
            own = self._headings[part] = uuid5(self._document.identifier, f"part:{part}")
            self._item(own, part, HEADING)
            self._child(own, part, self._document.identifier, "", number)
        return self._headings[part]

    def _item(self, identifier: UUID, words: str, kind: str, **more: str) -> None:
        self._items.append(
            {
                "identifier": str(identifier),
                "uri": self._uri(identifier),
                "fullStatement": words,
                "CFItemType": kind,
                "language": self._document.language,
                "lastChangeDateTime": self._at,
                **more,
            }
        )

    def _child(self, own: UUID, words: str, parent: UUID, parents_words: str, number: int) -> None:
        identifier = uuid5(own, CHILD_OF)
        self._associations.append(
            {
                "identifier": str(identifier),
                "uri": self._uri(identifier),
                "associationType": CHILD_OF,
                "sequenceNumber": number,
                "originNodeURI": self._link(own, words),
                "destinationNodeURI": self._link(parent, parents_words or self._document.title),
                "lastChangeDateTime": self._at,
            }
        )

    def _link(self, identifier: UUID, words: str) -> dict[str, str]:
        return {"title": words, "identifier": str(identifier), "uri": self._uri(identifier)}

    def _uri(self, identifier: UUID) -> str:
        return f"{self._document.address}#{identifier}"


def read(text: str) -> list[Item]:
    """The outcomes of a package in their order. Raises RuleBroken naming what is wrong, and where."""
    return _Reader(_parsed(text)).outcomes()


def _refuse(message: str, code: str) -> RuleBroken:
    return RuleBroken(message, code=code, field="file")


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise _refuse(
            _("This is no JSON: something is wrong in line %(line)d, at character %(column)d.")
            % {"line": error.lineno, "column": error.colno},
            "case_json",
        ) from error
    except (RecursionError, ValueError) as error:
        raise _refuse(_("This is no JSON that can be read."), "case_json") from error
    if not isinstance(found, dict) or not isinstance(found.get("CFItems"), list):
        raise _refuse(
            _("There is no list of CFItems: a CASE package has a CFDocument, CFItems and CFAssociations."),
            "case_shape",
        )
    if len(found["CFItems"]) > MOST_ITEMS:
        raise _refuse(_("There are more than 5,000 items in it."), "case_shape")
    return found


class _Reader:
    def __init__(self, found: Mapping[str, Any]) -> None:
        self._wrong: list[str] = []
        self._items: dict[UUID, Mapping[str, Any]] = {}
        for number, one in enumerate(found["CFItems"], start=1):
            self._take(number, one)
        self._parents: dict[UUID, tuple[UUID, int]] = {}
        associations = found.get("CFAssociations")
        for one in associations if isinstance(associations, list) else []:
            self._relate(one)
        self._give_up_if_wrong()

    def _take(self, number: int, one: object) -> None:
        where = _("Item %(number)d") % {"number": number}
        identifier = _uuid(one.get("identifier")) if isinstance(one, dict) else None
        if not isinstance(one, dict) or identifier is None:
            self._wrong.append(_("%(where)s has no identifier that is a UUID.") % {"where": where})
        elif identifier in self._items:
            self._wrong.append(_("%(where)s has the identifier of another one.") % {"where": where})
        elif not _words(one, "fullStatement"):
            self._wrong.append(_("%(where)s has no fullStatement.") % {"where": where})
        else:
            self._items[identifier] = one

    def _relate(self, one: object) -> None:
        """Other kinds of association say nothing that a map keeps."""
        if not isinstance(one, dict) or one.get("associationType") != CHILD_OF:
            return
        child, parent = _end(one, "originNodeURI"), _end(one, "destinationNodeURI")
        if child is not None and parent is not None and child in self._items:
            number = one.get("sequenceNumber")
            place = number if isinstance(number, int) and abs(number) < 10**9 else 0
            self._parents.setdefault(child, (parent, place))

    def outcomes(self) -> list[Item]:
        described = self._descriptors()
        flat = {child for child in self._items if self._is_descriptor(child)}
        parents = {parent for child, (parent, _place) in self._parents.items() if child not in flat}
        leaves = [one for one in self._items if one not in flat and one not in parents]
        if not leaves:
            raise _refuse(_("No outcome was found in it."), "case_empty")
        leaves.sort(key=self._path)
        if len(leaves) > rules.MOST_OUTCOMES:
            raise _refuse(
                _(
                    "There are %(count)d outcomes in it; a map has at most %(most)d. "
                    "Export the part of the framework that your community stewards."
                )
                % {"count": len(leaves), "most": rules.MOST_OUTCOMES},
                "map_full",
            )
        made = [
            self._outcome(one, number, described.get(one, {})) for number, one in enumerate(leaves, start=1)
        ]
        self._check(made)
        return made

    def _is_descriptor(self, one: UUID) -> bool:
        item = self._items[one]
        return item.get("CFItemType") == DESCRIPTOR and item.get("abbreviatedStatement") in DEPTHS

    def _descriptors(self) -> dict[UUID, dict[str, str]]:
        found: dict[UUID, dict[str, str]] = {}
        for child, (parent, _place) in self._parents.items():
            if self._is_descriptor(child):
                words = _words(self._items[child], "fullStatement")[: rules.LONGEST_DEPTH]
                found.setdefault(parent, {})[str(self._items[child]["abbreviatedStatement"])] = words
        return {
            parent: {depth: depths[depth] for depth in DEPTHS if depth in depths}
            for parent, depths in found.items()
        }

    def _path(self, one: UUID) -> list[tuple[int, int]]:
        """Places from the root down; a ring of parents ends where it closes."""
        order = {item: number for number, item in enumerate(self._items)}
        path: list[tuple[int, int]] = []
        seen: set[UUID] = set()
        while one in self._items and one not in seen:
            seen.add(one)
            parent, place = self._parents.get(one, (one, 0))
            path.append((place, order[one]))
            one = parent
        return path[::-1]

    def _outcome(self, one: UUID, number: int, depths: Mapping[str, str]) -> Item:
        item = self._items[one]
        title = _words(item, "fullStatement")
        if len(title) > rules.LONGEST_TITLE:
            title = _words(item, "abbreviatedStatement") or title
        heading = self._items.get(self._parents.get(one, (one, 0))[0]) if one in self._parents else None
        part = _words(heading, "fullStatement")[: rules.LONGEST_PART] if heading else ""
        return Item(one, _words(item, "humanCodingScheme") or str(number), title, part, dict(depths))

    def _check(self, made: Sequence[Item]) -> None:
        codes: set[str] = set()
        for item in made:
            try:
                rules.check_item(item)
            except RuleBroken as error:
                self._wrong.append(f"“{item.title[:60]}”: {error.public_message}")
            if item.code.casefold() in codes:
                self._wrong.append(_("The code %(code)s stands there twice.") % {"code": item.code})
            codes.add(item.code.casefold())
        self._give_up_if_wrong()

    def _give_up_if_wrong(self) -> None:
        if self._wrong:
            more = len(self._wrong) - MOST_COMPLAINTS
            rest = [_("And %(count)d more.") % {"count": more}] if more > 0 else []
            raise _refuse(" ".join([*self._wrong[:MOST_COMPLAINTS], *rest]), "case_items")


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _end(association: Mapping[str, Any], name: str) -> UUID | None:
    end = association.get(name)
    return _uuid(end.get("identifier")) if isinstance(end, dict) else None


def _words(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return rules.tidy(value) if isinstance(value, str) else ""
