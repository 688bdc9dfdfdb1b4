"""Passages without annotation, made up: what stands in them is all that is known of them."""

import random

from knowledge.date import Date
from knowledge.holdings import Holdings
from knowledge.passage import Passage

SUBJECTS = ("ships", "trade", "treaties", "budgets", "exercises", "cables", "islands", "partners", "summits", "radars")
VERDICTS = ("protect", "cost", "divide", "bind", "reassure", "provoke", "outlast", "answer", "weaken", "shape")
PLACES = ("Europe", "Asia", "the Baltic", "the Pacific", "the Arctic", "Japan", "Korea", "Taiwan", "Guam", "Norway")


def passage(number: int, text: str, **known: object) -> Passage:
    fields = {"source": "list", "section": "", "date": Date("2024"), "known_since": Date("2024-05"), **known}
    return Passage(id=f"p{number}", number=number, paragraph=number, start=0, end=len(text), text=text, **fields)


def sentences(count: int, seed: int = 3) -> list[str]:
    chance = random.Random(seed)
    words = (SUBJECTS, VERDICTS, PLACES)
    return [" ".join([*(chance.choice(each) for each in words), f"case{n}"]).capitalize() for n in range(count)]


def held(count: int, **known: object) -> Holdings:
    return Holdings.of(passage(n, text, **known) for n, text in enumerate(sentences(count), start=1))
