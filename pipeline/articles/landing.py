"""Where an article's address led: to its own page, or to a place that is no article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline import urls
from pipeline.errors import NoArticleError

if TYPE_CHECKING:
    from urllib.parse import SplitResult

    from pipeline.model import Response

_MISSING = re.compile(
    r"(?:(?:error|page|http)[-_]?)?(?:404|410)(?:[-_](?:error|page|not[-_]?found))?(?:\.\w{3,5})?"
    r"|(?:page[-_]?|error[-_]?)?not[-_]?found(?:\.\w{3,5})?|seite-nicht-gefunden|page-introuvable|page-non-trouvee|pagina-no-encontrada"
    r"|pagina-non-trovata|pagina-nao-encontrada|pagina-niet-gevonden|strona-nie-istnieje",
    re.IGNORECASE,
)
_LOG_IN = re.compile(
    r"(?:log-?in|sign-?in|log-?on|subscribe|subscriptions?|register|registration|anmelden|anmeldung|einloggen|connexion|se-connecter|abonnement"
    r"|s-abonner|iniciar-sesion|suscripcion|suscribete|accedi|abbonati|entrar|assine|inloggen|logowanie|zaloguj|logga-in|logg-inn)(?:\.\w{3,5})?",
    re.IGNORECASE,
)
_LOG_IN_HOST = re.compile(r"(?:log-?in|sign-?in|auth|accounts?|sso)\.[^.]+\.", re.IGNORECASE)


def require_own_page(page: Response) -> None:
    """Raise NoArticleError when an article's address led to a page that is none, with status 200.

    soft_404: the front page (of a language too) or an address for what is not found, where sites
    send readers of removed articles. paywall: where readers log in or subscribe.
    """
    asked, answered = urlsplit(page.requested_url), urlsplit(page.url)
    if (asked.hostname, asked.path, asked.query) == (
        answered.hostname,
        answered.path,
        answered.query,
    ):
        return
    told = _led_to(answered, asked)
    if told:
        reason, place = told
        raise NoArticleError(reason, f"{page.requested_url}: led to {place} {page.url}")


def _led_to(answered: SplitResult, asked: SplitResult) -> tuple[str, str] | None:
    """The reason and the name of a place that is no article, unless it was asked for."""
    last = answered.path.rstrip("/").rpartition("/")[2]
    if last == asked.path.rstrip("/").rpartition("/")[2] and not urls.is_front_page(
        answered.geturl()
    ):
        return None
    if urls.is_front_page(answered.geturl()) and not urls.is_front_page(asked.geturl()):
        return "soft_404", "the front page"
    if _MISSING.fullmatch(last):
        return "soft_404", "a page for what is not found,"
    log_in = _LOG_IN.fullmatch(last) or _LOG_IN_HOST.match(answered.hostname or "")
    if log_in and not _LOG_IN_HOST.match(asked.hostname or ""):
        return "paywall", "a page to log in or subscribe,"
    return None
