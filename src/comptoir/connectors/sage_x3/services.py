"""The SOAP operations: read, query, save, modify, run. What a `status` of 0 means stands here.

X3 answers 200 to a refusal: `status` 0 and message lines of type 1 (information), 2 (warning) and 3 (error). Some of
those lines are no refusal of the record: somebody holds it, or nothing is published under that name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from comptoir.connectors.sage_x3.client import Client
from comptoir.connectors.sage_x3.dialect import (
    Entity,
    Read,
    build_param,
    parse_description,
    parse_entity,
    parse_list,
)
from comptoir.connectors.sage_x3.mapping import Mapped
from comptoir.connectors.sage_x3.settings import SageX3Settings
from comptoir.connectors.sage_x3.soap import (
    ERROR,
    Argument,
    Data,
    Keys,
    Message,
    Names,
    Pool,
    SoapAnswer,
    build,
    parse_answer,
)
from comptoir.sdk.errors import (
    ConfigurationError,
    OutcomeUnknown,
    RejectedRecord,
    TransientError,
    UnexpectedAnswer,
)

LOCKED: Final = "x3_locked"
_LOCKED: Final = re.compile(
    r"verrouill|en cours de modification|en cours d'utilisation|\blocked\b|being (?:modified|used)|in use by",
    re.IGNORECASE,
)
_ABSENT: Final = re.compile(r"inexistant|n'existe pas|does not exist|not found", re.IGNORECASE)
_UNPUBLISHED: Final = re.compile(
    r"publication|web service|pool alias|non publi[ée]|not published", re.IGNORECASE
)


class Services:
    def __init__(self, client: Client, settings: SageX3Settings) -> None:
        self._client = client
        config = f"adxwss.optreturn={settings.result_format}&adxwss.trace.on=off"
        self._pool = Pool(settings.pool, settings.language, config)

    # --- reading ----------------------------------------------------------------------------------------

    def query(self, name: str, keys: Mapping[str, str], size: int = 20) -> list[Read]:
        arguments: dict[str, Argument] = {"publicName": name, "objectKeys": Keys(keys), "listSize": size}
        answer = self._asked("query", arguments)
        return parse_list(answer.result) if answer.status else self._none(answer, name)

    def find(self, name: str, mapped: Mapped, words: tuple[str, str], wanted: str) -> str:
        """The number of the document that bears this reference; "" when there is none. `words`: ours, of the
        reference and the number in `mapped`."""
        column, number = (mapped.place(word)[1] for word in words)
        rows = self.query(name, {column: wanted})
        # It is there, also where the list does not say its number.
        return next((str(row.get(number) or wanted) for row in rows if row.get(column) == wanted), "")

    def read(self, name: str, keys: Mapping[str, str]) -> Read | None:
        """None when X3 says that it does not exist."""
        answer = self._asked("read", {"publicName": name, "objectKeys": Keys(keys)})
        if answer.status:
            return parse_entity(answer.result)
        self._none(answer, name)
        return None

    def describe(self, name: str) -> frozenset[str]:
        """Every `GROUP.FIELD` published under that name. ConfigurationError when nothing is."""
        answer = self._asked("getDescription", {"publicName": name})
        if not answer.status:
            raise ConfigurationError(f"{name}: {_words(answer.messages)}", code="not_published")
        return parse_description(answer.result)

    def run(self, name: str, entity: Entity) -> Read:
        """A sub-program that changes nothing."""
        answer = self._asked("run", {"publicName": name, "inputXml": Data(build_param(entity))})
        if not answer.status:
            _raise(answer, name)
        return parse_entity(answer.result)

    def _asked(self, operation: str, arguments: Mapping[str, Argument]) -> SoapAnswer:
        body = self._client.post(operation, build(operation, self._pool, arguments), writes=False).body
        return parse_answer(operation, body)

    def _none(self, answer: SoapAnswer, name: str) -> list[Read]:
        words = _words(answer.messages)
        if _ABSENT.search(words) and not _UNPUBLISHED.search(words):
            return []
        try:
            _raise(answer, name)
        except RejectedRecord as error:
            raise UnexpectedAnswer(error.message, code=error.code) from error
        return []

    # --- writing ----------------------------------------------------------------------------------------

    def save(self, name: str, entity: Entity) -> tuple[Read, str]:
        """What was created, and the warnings. RejectedRecord in X3's words, OutcomeUnknown without an answer."""
        return self._written("save", {"publicName": name, "objectXml": Data(build_param(entity))}, name)

    def modify(self, name: str, keys: Mapping[str, str], entity: Entity) -> tuple[Read, str]:
        data = Data(build_param(entity))
        return self._written(
            "modify", {"publicName": name, "objectKeys": Keys(keys), "objectXml": data}, name
        )

    def delete_lines(self, name: str, keys: Mapping[str, str], table: str, lines: Sequence[str]) -> None:
        arguments: dict[str, Argument] = {"publicName": name, "objectKeys": Keys(keys), "blocKey": table,
                                          "lineKeys": Names(lines)}  # fmt: skip
        self._written("deleteLines", arguments, name)

    def _written(self, operation: str, arguments: Mapping[str, Argument], name: str) -> tuple[Read, str]:
        body = self._client.post(operation, build(operation, self._pool, arguments), writes=True).body
        try:
            answer = parse_answer(operation, body)
            if answer.status:
                return parse_entity(answer.result) if answer.result.strip() else {}, _words(answer.messages)
        except UnexpectedAnswer as error:
            # It said yes (200) in words that cannot be read: the document may be there.
            raise OutcomeUnknown(error.message, code=error.code) from error
        if not answer.messages:
            raise OutcomeUnknown(f"{name}: refused without a word.", code="no_message")
        _raise(answer, name)
        raise AssertionError("a refusal is always raised")


def _raise(answer: SoapAnswer, name: str) -> None:
    words = f"{name}: {_words(answer.messages)}"
    if _LOCKED.search(words):
        raise TransientError(words, code=LOCKED)
    if _UNPUBLISHED.search(words) and _ABSENT.search(words):
        raise ConfigurationError(words, code="not_published")
    raise RejectedRecord(words, code="x3")


def _words(messages: Sequence[Message]) -> str:
    """Errors first, then the rest, in the order in which X3 says them."""
    ordered = sorted(messages, key=lambda message: message.type != ERROR)
    return " / ".join(message.text for message in ordered)[:500]
