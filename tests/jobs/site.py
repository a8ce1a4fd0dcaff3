"""A news site on loopback that keeps a log, and that can be slow, busy or broken."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import TracebackType

SECONDS = 60.0  # the longest that anything is waited for

_STORIES = """\
harbour
Harbour crane lifts its last container
The blue crane at Selby wharf lifted its last container on Friday, forty-one years after a ferry brought it up the estuary in nine pieces.
Dockers who had worked its cabin took turns at the levers while their families watched from the fish market. The oldest of them, Bram Oduya, is eighty-three.
A museum in Tarnow has asked for the hook. The rest goes to a steelworks, which expects to melt six hundred tonnes of it before the summer.

orchard
Frost takes half of the cherry blossom
Growers along the Lune lost about half of their cherry blossom on Tuesday night, when the air over the lower orchards fell to minus six degrees.
Those who lit straw fires saved more than those who ran their sprinklers, said Ilse Marchetti of the growers' union, because the pumps froze before midnight.
Early varieties suffered most. The union will count again in ten days and then decide whether the June market can be held at all.

tramway
Night trams return to the hill line
Trams will climb to Castle Hill again after midnight from the first of May, the transport board decided by seven votes to four.
Riders had collected nine thousand names for them. Drivers asked for a second person on board after two assaults at the upper terminus last winter.
The board will pay for guards until September. Whether the trams stay beyond that depends on how many tickets are sold between one and four in the morning.

lighthouse
Keeper's log found behind lighthouse stove
Painters at the Skarv lighthouse have found a keeper's log of 1911 behind a stove that had not been moved since the tower was built.
Its ninety pages tell of fog, of a cow that swam ashore and of the night when the lamp was turned by hand because the clockwork had broken.
The parish archive will copy the pages before they are bound anew. A granddaughter of the keeper has offered the photographs that belong to them.

quarry
Divers map the flooded quarry at Moss End
Divers have drawn the first map of the flooded quarry at Moss End, where a steam locomotive has stood on the bottom since the pumps failed in 1938.
They found two wagons, a smithy with its anvil and a stair of a hundred and twelve steps that ends in front of a locked iron door.
The owner will not have it opened. Bats sleep in the galleries behind it, and the county protects them until the middle of October.

kitchen
School kitchen cooks for the whole valley
The kitchen of the Aldmoor school now cooks for four other schools and for the old people's home, since the caterer from the city gave up in January.
Three cooks make seven hundred meals a day from what eleven farms bring before six. The beetroot, says head cook Noor Talbot, was a mistake that will not be repeated.
Parents pay what they paid before. The valley council covers the rest and will look at the sums again when the school year ends.
"""
NEWS = {name: lines for name, *lines in map(str.splitlines, _STORIES.split("\n\n"))}
"""Invented stories: a headline and three paragraphs each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the site says; `promised` is a Content-Length other than the body's.

    With an ETag among the headers, a request that brings it gets a 304. A slow answer is held
    back for so many seconds, or until the site lets it go.
    """

    body: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    promised: int | None = None
    slow_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, header names in lower case."""

    path: str
    headers: Mapping[str, str]


class Site:
    """A server in a thread; each path has its answers, of which the last one stays."""

    def __init__(self) -> None:
        self._answers: dict[str, list[Answer]] = {}
        self._log: list[Asked] = []
        self._news = threading.Condition()
        self._under_way: Counter[str] = Counter()
        self.most_at_once: Counter[str] = Counter()
        self.hold = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.host = self.url.removeprefix("http://")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.let_go()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def put(self, path: str, *answers: Answer) -> None:
        self._answers[path] = list(answers)

    def put_news(self, *names: str, path: str = "/news") -> list[str]:
        """Put pages of these stories and return their addresses."""
        for name in names:
            self.put(f"{path}/{name}", Answer(body=page(name)))
        return [f"{self.url}{path}/{name}" for name in names]

    def put_feed(
        self,
        path: str,
        links: Sequence[str],
        *,
        etag: str | None = None,
        title: str | None = None,
    ) -> str:
        """Put a feed of these addresses and return its own."""
        headers = {"Content-Type": "application/rss+xml"} | ({"ETag": etag} if etag else {})
        self.put(path, Answer(body=rss(title or f"Feed {path}", links), headers=headers))
        return f"{self.url}{path}"

    def let_go(self) -> None:
        """Let every answer that is held back go on its way."""
        self.hold.set()

    def paths(self, since: int = 0) -> list[str]:
        """The paths asked for, in order; those before `since` left out."""
        return [asked.path for asked in self.log(since)]

    def log(self, since: int = 0) -> list[Asked]:
        with self._news:
            return self._log[since:]

    def wait_for(self, path: str) -> None:
        """Return when a path has been asked for."""
        with self._news:
            if not self._news.wait_for(
                lambda: any(asked.path == path for asked in self._log), SECONDS
            ):
                raise TimeoutError(path)

    @contextmanager
    def busy(self, host: str) -> Iterator[None]:
        """Count a request that is under way at one of the site's names."""
        with self._news:
            self._under_way[host] += 1
            self.most_at_once[host] = max(self.most_at_once[host], self._under_way[host])
        try:
            yield
        finally:
            with self._news:
                self._under_way[host] -= 1

    def answer(self, asked: Asked) -> Answer:
        """Take down a request and return the answer to it."""
        with self._news:
            self._log.append(asked)
            self._news.notify_all()
            answers = self._answers.get(asked.path, [Answer(status=404, body="Not here.")])
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
        etag = answer.headers.get("ETag")
        if etag and asked.headers.get("if-none-match") == etag:
            return Answer(status=304, headers={"ETag": etag})
        return answer


def page(name: str) -> str:
    """A page with one of the stories."""
    headline, *paragraphs = NEWS[name]
    text = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(headline)}</title></head>\n"
        f"<body><article><h1>{escape(headline)}</h1>\n{text}\n</article></body></html>\n"
    )


def rss(title: str, links: Sequence[str], contents: Mapping[str, str] | None = None) -> str:
    """A feed of these addresses; `contents` are the whole texts it carries, by address."""
    items = "\n".join(_item(link, (contents or {}).get(link)) for link in links)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>\n'
        f"<title>{escape(title)}</title>\n{items}\n</channel></rss>\n"
    )


def carried(name: str) -> str:
    """A story as a feed carries it whole."""
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in NEWS[name][1:])


def _item(link: str, content: str | None) -> str:
    name = link.rpartition("/")[2]
    headline = escape(NEWS[name][0] if name in NEWS else name)
    whole = f"<content:encoded>{escape(content)}</content:encoded>" if content else ""
    return f"<item><title>{headline}</title><link>{link}</link><guid>{link}</guid>{whole}</item>"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed hangs up: no news."""


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            with site.busy(headers.get("host", "")):  # over before the client can know it
                answer = site.answer(Asked(self.path, headers))
                if answer.slow_seconds:
                    site.hold.wait(answer.slow_seconds)
            body = answer.body.encode()
            self.send_response(answer.status)
            for name, value in {"Content-Type": "text/html", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(answer.promised or len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = answer.promised is not None

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            """The log is the site's own."""

    return Handler
