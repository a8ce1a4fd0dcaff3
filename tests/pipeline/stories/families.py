"""Invented newswire: stories, their copies in every shape, and templates filled with other facts."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from pipeline.model import StoryText

if TYPE_CHECKING:
    from collections.abc import Sequence

SYLLABLES = [
    "ba",
    "de",
    "fi",
    "go",
    "lu",
    "ma",
    "ne",
    "po",
    "ri",
    "su",
    "ta",
    "ve",
    "wo",
    "za",
    "ke",
    "li",
    "mo",
    "nu",
    "pa",
    "re",
    "si",
    "to",
    "vu",
]
TEMPLATE = """{town} market report. {name} said on {day} that {n0} head of cattle were sold at the
{town} yard, {n1} more than a week before. Heavy steers made {n2} crowns, light ones {n3}, and cows
between {n4} and {n5}. Buyers from {other} took {n6} lots. The yard opens again on {next} at {n7} in
the morning, and {name} expects about {n8} head. Straw stood at {n9} a bale."""


def word(draw: random.Random) -> str:
    """An invented word of two to four syllables."""
    return "".join(draw.choices(SYLLABLES, k=draw.randint(2, 4)))


def story(draw: random.Random, sentences: int = 14) -> list[str]:
    """A story as its sentences, with names and numbers in each."""
    return [_sentence(draw) for _ in range(sentences)]


def _sentence(draw: random.Random) -> str:
    words = [word(draw) for _ in range(draw.randint(9, 16))]
    words[0] = words[0].title()
    words[3] = words[3].title()
    words[6] = str(draw.randrange(20, 9000))
    return " ".join(words) + "."


def reprint(sentences: Sequence[str], draw: random.Random) -> str:
    """The story under an agency's name, a word changed here and there."""
    changed = [
        one if draw.random() < 0.8 else one.replace(one.split()[1], word(draw), 1)
        for one in sentences
    ]
    return f"(Alder Press) {' '.join(changed)}"


def cut(sentences: Sequence[str], draw: random.Random) -> str:
    """The beginning of the story."""
    return " ".join(sentences[: draw.randint(5, 9)])


def prolonged(sentences: Sequence[str], draw: random.Random) -> str:
    """The story with more after it."""
    return " ".join([*sentences, *story(draw, draw.randint(3, 10))])


def exact(sentences: Sequence[str], _: random.Random) -> str:
    """The very words."""
    return "\n".join(sentences)


def template(draw: random.Random) -> str:
    """The market report of some town."""
    figures = {f"n{n}": str(draw.randrange(10, 4000)) for n in range(10)}
    names = {name: word(draw).title() for name in ("town", "name", "other", "day", "next")}
    return TEMPLATE.format(**figures, **names)


def newswire(seed: int, stories: int, *, templates: int = 30) -> list[StoryText]:
    """Stories with four copies each and reports from one template, shuffled as they arrive."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    texts = []
    footer = _sentence(draw) + _sentence(draw) + _sentence(draw)
    for _ in range(stories):
        sentences = story(draw)
        texts += [make(sentences, draw) for make in (exact, exact, reprint, cut, prolonged)]
    texts += [f"{template(draw)} {footer}" for _ in range(templates)]
    texts += [" ".join(story(draw, 6)) + footer for _ in range(templates)]
    draw.shuffle(texts)
    return [
        StoryText(id=n, url=f"https://site{n}.example/a{n}", title=f"Report {n}", text=text)
        for n, text in enumerate(texts)
    ]
