"""JSON as pages write it: with comments, commas too many, quotes that are not escaped, an end that is cut off."""

from __future__ import annotations

import html
import json
import re

_DECODER = json.JSONDecoder(strict=False)
_SKIPPED = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/|<!--|-->|\]\]>|;)*", re.DOTALL)
_PLAIN = re.compile(r"(?:[^\"'{}\[\],:/<;\s-]|-(?!->))+")
_ESCAPE = re.compile(r"\\(?:[\"\\/bfnrt]|u[\da-fA-F]{4})?")
_KEY = re.compile(r"\"[\w@:.-]{1,40}\"\s{0,9}:")
_CLOSERS = {"{": "}", "[": "]"}


def values(text: str) -> list[object]:
    """Return the values that stand one after the other in `text`; what is none is left out.

    Read are, besides JSON (RFC 8259): comments, commas before an end, line breaks and quotes within strings, entities
    instead of quotes, text after a value, and a value whose end is missing. In linear time.
    """
    if '"' not in text and "&quot;" in text:
        text = html.unescape(text)
    text = text.replace("<![CDATA[", "")
    found: list[object] = []
    at = _next(text, 0)
    while at < len(text):
        try:
            value, end = _DECODER.raw_decode(text, at)
        except RecursionError:
            return found
        except ValueError:
            repaired, end = _Repair(text, at).run()
            try:
                value = json.loads(repaired, strict=False)
            except (ValueError, RecursionError):
                return found
        found.append(value)
        at = _next(text, end)
    return found


def _next(text: str, at: int) -> int:
    """Where the next object or list begins."""
    places = [place for place in (text.find("{", at), text.find("[", at)) if place >= 0]
    return min(places, default=len(text))


class _Repair:
    """One walk over a value, which writes it again as JSON."""

    def __init__(self, text: str, at: int) -> None:
        self._text = text
        self._at = at
        self._out: list[str] = []
        self._open: list[str] = []

    def run(self) -> tuple[str, int]:
        """Return the value as JSON, and where it ends in the text."""
        while (at := self._after_skipped(self._at)) < len(self._text):
            self._at = at
            self._token(self._text[at])
            if not self._open:
                return "".join(self._out), self._at
        return self._finished(), len(self._text)

    def _token(self, char: str) -> None:
        if char in _CLOSERS:
            self._open.append(char)
            self._write(char)
        elif char in "}]":
            self._close(char)
        elif char in "\"'":
            self._string(char)
        elif char in ",:":
            self._write(char)
        else:
            self._bare()

    def _write(self, char: str) -> None:
        self._out.append(char)
        self._at += 1

    def _close(self, char: str) -> None:
        """Close what is open, without a comma before it; another bracket than was opened is passed over."""
        if _CLOSERS[self._open[-1]] == char:
            self._complete()
            self._open.pop()
            self._write(char)
        else:
            self._at += 1

    def _complete(self) -> None:
        """Take back a comma after which nothing came, and give a key its value."""
        if self._out[-1] == ",":
            self._out.pop()
        elif self._out[-1] == ":":
            self._out.append("null")

    def _bare(self) -> None:
        """A number, a literal, or a name without quotes."""
        found = _PLAIN.match(self._text, self._at)
        if not found:
            self._at += 1
            return
        word = found.group()
        self._at = found.end()
        try:
            json.loads(word)
        except ValueError:
            word = "null" if word in {"undefined", "NaN"} else json.dumps(word)
        self._out.append(word)

    def _string(self, quote: str) -> None:
        """A string up to the quote that what follows shows to be its end."""
        if self._out[-1] not in {"{", "[", ",", ":"}:
            self._out.append(",")
        is_key = self._open[-1] == "{" and self._out[-1] in {"{", ","}
        start = self._at + 1
        end = start
        while True:
            end = self._text.find(quote, end)
            if end < 0:
                end = len(self._text)
                break
            if not self._is_escaped(end, start) and self._ends(end + 1, is_key=is_key):
                break
            end += 1
        self._out.append(_quoted(self._text[start:end]))
        self._at = end + 1

    def _is_escaped(self, at: int, start: int) -> bool:
        before = at
        while before > start and self._text[before - 1] == "\\":
            before -= 1
        return (at - before) % 2 == 1

    def _ends(self, at: int, *, is_key: bool) -> bool:
        """Whether a string ends before `at`: a key before a colon, a value before the next key or value."""
        text = self._text
        at = self._after_skipped(at)
        if at >= len(text):
            return True
        if is_key:
            return text[at] == ":"
        if text[at] in "}]" or _KEY.match(text, at):
            return True
        if text[at] != ",":
            return False
        following = self._after_skipped(at + 1)
        is_object = self._open[-1] == "{"
        return text[following : following + 1] in (
            {"", '"', "'", "}"} if is_object else set("\"'{[]0123456789-tfn") | {""}
        )

    def _after_skipped(self, at: int) -> int:
        found = _SKIPPED.match(self._text, at)
        return found.end() if found else at

    def _finished(self) -> str:
        """What was written, with the ends that are missing."""
        self._complete()
        return "".join([*self._out, *(_CLOSERS[char] for char in reversed(self._open))])


def _quoted(raw: str) -> str:
    """A string as JSON, from what stood between its quotes; escapes that JSON does not know are kept as they are."""
    parts: list[str] = []
    at = 0
    for found in _ESCAPE.finditer(raw):
        parts += [
            json.dumps(raw[at : found.start()], ensure_ascii=False)[1:-1],
            _escape(found.group()),
        ]
        at = found.end()
    parts.append(json.dumps(raw[at:], ensure_ascii=False)[1:-1])
    return f'"{"".join(parts)}"'


def _escape(written: str) -> str:
    return written if len(written) > 1 else ""
