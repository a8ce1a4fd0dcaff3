"""What a text holds that is its page's and not the article's, where extraction left some in it."""

from __future__ import annotations

import re

from pipeline.text import word_count

# Numbers that pages count up under an unchanged text: comments, shares, views, minutes.
_COUNTED = r"(?:comments?|shares?|views?|likes?|kommentare?|commentaires?|comentarios|commenti)"
_COUNTER = re.compile(
    rf"\b\d[\d.,]*\s*(?:k\b)?\s*(?:{_COUNTED}|reads?|readers?|minutes? (?:read|ago)|min read|hours? ago|days? ago)\b"
    rf"|\b{_COUNTED}\s*(?::\s*\d[\d.,]*k?\b|\(\d[\d.,]*k?\))",
    re.IGNORECASE,
)
# Paragraphs that are the page's and not the article's: where extraction leaves one in the text,
# its coming, going and changing is no change of the article.
_CHROME = re.compile(
    r"(?:advertisement|advertising|sponsored content|anzeige|werbung|publicité|publicidad|pubblicità)\W*"
    r"|(?:read more|read also|also read|see also|related(?: (?:stories|articles|news|links))?|more on this(?: story)?|recommended(?: for you)?|you may also like"
    r"|lesen sie auch|mehr zum thema|(?:à )?lire aussi|sur le même sujet|lea también|leer más|leggi anche|leia também|lees ook)(?:\s*[:|]\s.{0,200})?"
    r"|(?:last |first |zuletzt )?(?:updated|modified|published|posted|aktualisiert|veröffentlicht|mis à jour|publié|actualizado|publicado|aggiornato|pubblicato)\b"
    r"(?=.*(?:\d{1,2}[:.h]\d{2}|\b\d{4}\b|\bago\b)).{0,70}",
    re.IGNORECASE,
)
# Other lines of the page: their words, and what such a line consists of besides.
_READERS = (
    r"aufrufe|ansichten|leser|vues|lectures|partages|visitas|vistas|lecturas|visualizaciones|visualizações|leituras|compartidos|partilhas"
    r"|visualizzazioni|letture|condivisioni|weergaven|keer gelezen|reacties|visninger|visningar|kommentarer|wyświetle(?:nia|ń)|odsłon|komentarz[ey]"
    r"|просмотр(?:\u0430|ов)?|комментари(?:я|ев)|comentários?|görüntülenme|次(?:阅读|浏览|閱讀|瀏覽)|回視聴"
)
_NUMBER = r"\d[\d.,\u00a0\u202f ]*(?:k|m|tsd\.?|mil|тыс\.)?"
_ANSWERS = r"yes|no|maybe|(?:i )?don'?t know|not sure|undecided|ja|nein|weiß nicht|oui|non|ne sais pas|s[íì]|no sé|non so|sim|não|não sei|nee|weet niet|nej|nei|tak|nie|да|нет"
_MONTHS = (
    r"january|february|march|april|may|june|july|august|september|october|november|december|januar|jänner|februar|märz|mai|juni|juli|oktober|dezember"
    r"|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|se[pt]tiembre"
    r"|octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|janeiro|fevereiro|março|maio|junho|julho"
    r"|setembro|outubro|novembro|dezembro|januari|februari|maart|mei|augustus|jan|feb|mar|apr|jun|jul|aug|sept?|oct|okt|nov|dec|dez|déc"
    r"|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
)
_WEEKDAYS = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche"
    r"|lunes|martes|miércoles|jueves|viernes|sábado|domingo|(?:lune|marte|mercole|giove|vener)dì|sabato|domenica|(?:segunda|terça|quarta|quinta|sexta)-feira"
    r"|(?:maan|dins|woens|donder|vrij|zater|zon)dag|mon|tue|wed|thu|fri|sat|sun|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье"
)
# A date and nothing else: a day of a month, or figures in the form of a date, and what goes with it.
_DATE_LINE = re.compile(
    rf"(?=.*(?:\b(?:{_MONTHS})\b.*\d|\d.*\b(?:{_MONTHS})\b|\d\d?[./-]\d\d?[./-]\d\d|\d{{4}}[./-]\d\d?[./-]\d\d?|\d年))"
    rf"(?:(?:{_MONTHS}|{_WEEKDAYS}|\d{{1,4}}(?:st|nd|rd|th|er|h|º)?|[ap]\.?m|uhr|de|den|del|at|um|à|às|alle|t(?=\d)|z|utc|gmt|bst|e[ds]t|ce?s?t|[年月日時时分])(?![^\W\d_])"
    r"|[年月日時时分\s\d.,:/|·•\u2013+-])+",
    re.IGNORECASE,
)
_UNITS = (
    r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|[mhd]|sekunden?|minuten?|stunden?|std|tag(?:en?)?|wochen?|monat(?:en)?|secondes?|heures?|jours?"
    r"|semaines?|mois|segundos?|minutos?|horas?|d[íi]as?|semanas?|mes(?:es)?|second[oi]|minut[oi]|or[ae]|giorn[oi]|settiman[ae]|uur|uren|dag(?:en|ar|er)?|weken"
    r"|minutter|timer?|timmar|godzin[yę]?|minut[yę]?|dni|час(?:\u0430|ов)?|минут[уы]?|дн(?:я|ей)|saat|dakika|gün)\.?"
)
_AGO_LINE = re.compile(
    rf"\w+ ?{_UNITS} (?:ago|fa|geleden|atrás|siden|sedan|temu|назад|önce)|just now|(?:vor|il y a|hace|há|för) \w+ {_UNITS}(?: sedan)?"
    r"|\d+ ?(?:秒|分|分钟|分鐘|小时|小時|時間|天|日)之?前",
    re.IGNORECASE,
)
_PAGE_LINE = re.compile(
    rf"\W*{_NUMBER}\s*(?:{_READERS})\W*|\W*(?:{_READERS})\W*{_NUMBER}\W*|(?:阅读|浏览|閱讀|瀏覽|조회)(?:数|量|數|수)?\W*{_NUMBER}"
    rf"|(?:{_ANSWERS})\W*{_NUMBER}%|\W*(?:live|live (?:blog|ticker|updates?)|breaking(?: news)?|exclusive|eilmeldung|exklusiv|en direct|en vivo|ao vivo|in diretta|новое)\W*",
    re.IGNORECASE,
)
_LONGEST_PAGE_LINE = 60

_QUOTES = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
        "…": "...",
    }
)

# Between two paragraphs, a line that is no sentence names another article, or what follows.
_SENTENCE = re.compile(r"[.!?…。\uff01\uff1f।؟][\W_]*$")
_ASIDE_WORDS = 4
_ASIDE_LENGTH = 120
# What such a line says is the article's own: a correction, a list, speech.
_OWN = re.compile(
    r"\W*(?:correction|corrected|clarification|update|editor|note|korrektur|berichtigung|anmerkung|hinweis|nachtrag|correctif|rectificatif|précision"
    r"|corrección|fe de erratas|rettifica|errata|nota|correção|rectificatie|correctie|rättelse|rettelse|исправление|уточнение)\b"
    r"|[-\u2013—•*\d\"'(\[«]|.*[:;,]$",
    re.IGNORECASE,
)


def words(line: str) -> list[str]:
    """Return the words of a headline or paragraph: straight quotes, no counters."""
    return _COUNTER.sub(" ", line.translate(_QUOTES)).split()


def own_words(text: str) -> list[str]:
    """Return the words of a text that are the article's own, to compare it with another version.

    Left out are counters, and the lines that are the page's: adverts, dates, links to others.
    """
    lines = [
        line
        for line in (raw.strip().translate(_QUOTES) for raw in text.split("\n"))
        if line and not _is_the_pages(line)
    ]
    own = (line for at, line in enumerate(lines) if not _is_aside(lines, at))
    return [word for line in own for word in words(line)]


def _is_the_pages(line: str) -> bool:
    if _CHROME.fullmatch(line):
        return True
    return len(line) <= _LONGEST_PAGE_LINE and any(
        pattern.fullmatch(line) for pattern in (_DATE_LINE, _AGO_LINE, _PAGE_LINE)
    )


def _is_aside(lines: list[str], at: int) -> bool:
    """Whether a line alone between two sentences is like a headline: no sentence, some words."""
    line = lines[at]
    if len(line) > _ASIDE_LENGTH or _SENTENCE.search(line) or _OWN.match(line):
        return False
    is_between = 0 < at < len(lines) - 1
    return (
        is_between
        and word_count(line) >= _ASIDE_WORDS
        and all(_SENTENCE.search(lines[beside]) for beside in (at - 1, at + 1))
    )
