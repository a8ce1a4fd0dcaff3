"""Lines that say nothing but when a page was published, changed or looked at."""

from __future__ import annotations

import re

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
# What a date consists of. Possessive: each part is read once, however long the line.
_DATE_PARTS = (
    rf"(?:(?:{_MONTHS}|{_WEEKDAYS}|\d{{1,4}}(?:st|nd|rd|th|er|h|º)?|[ap]\.?m|uhr|de|den|del|at|um|à|às|alle|t(?=\d)|z|utc|gmt|bst|e[ds]t|ce?s?t|[年月日時时分])(?![^\W\d_])"
    r"|[年月日時时分\s\d.,:/|·•\u2013+-])++"
)
# A day of a month, or figures in the form of a date, and what goes with it.
_DATE = re.compile(
    rf"(?=.*(?:\b(?:{_MONTHS})\b.*\d|\d.*\b(?:{_MONTHS})\b|\d\d?[./-]\d\d?[./-]\d\d|\d{{4}}[./-]\d\d?[./-]\d\d?|\d年))"
    + _DATE_PARTS,
    re.IGNORECASE,
)
_UNITS = (
    r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|[mhd]|sekunden?|minuten?|stunden?|std|tag(?:en?)?|wochen?|monat(?:en)?|secondes?|heures?|jours?"
    r"|semaines?|mois|segundos?|minutos?|horas?|d[íi]as?|semanas?|mes(?:es)?|second[oi]|minut[oi]|or[ae]|giorn[oi]|settiman[ae]|uur|uren|dag(?:en|ar|er)?|weken"
    r"|minutter|timer?|timmar|godzin[yę]?|minut[yę]?|dni|час(?:\u0430|ов)?|минут[уы]?|дн(?:я|ей)|saat|dakika|gün)\.?"
)
_AGE = re.compile(
    rf"\w+ ?{_UNITS} (?:ago|fa|geleden|atrás|siden|sedan|temu|назад|önce)|just now|(?:vor|il y a|hace|há|för) \w+ {_UNITS}(?: sedan)?"
    r"|\d+ ?(?:秒|分|分钟|分鐘|小时|小時|時間|天|日)之?前",
    re.IGNORECASE,
)

LABEL = r"(?:(?:last|first|zuletzt)\s)?(?:updated|modified|published|posted|aktualisiert|veröffentlicht|mis à jour|publié|actualizado|publicado|aggiornato|pubblicato)"
"""Pattern of the words that label a time of publication or change."""

_LABELLED = re.compile(rf"{LABEL}\b(?:\s+(?:on|at|am|um|le|il|el|em|à))?\s*:?\s*", re.IGNORECASE)
_DAY_OR_TIME = re.compile(rf"(?=\D*\d){_DATE_PARTS}", re.IGNORECASE)
_LONGEST = 60
"""Characters of a timestamp at most: "Wednesday, 30 September 2026 at 10:15 a.m. BST"."""


def is_timestamp(line: str) -> bool:
    """Return whether a line is a date, an age ("3 hours ago"), or one of them with its label.

    After a label a time of day or a year is enough: "Updated at 14:05".
    """
    if len(line) > _LONGEST:
        return False
    stripped = line.strip()
    label = _LABELLED.match(stripped)
    rest = stripped[label.end() :] if label else stripped
    day_or_time = _DAY_OR_TIME if label else _DATE
    return bool(day_or_time.fullmatch(rest) or _AGE.fullmatch(rest))
