"""No spelling of a connection string gets its password into what is said."""

from __future__ import annotations

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import DatabaseError
from pipeline.storage import schema
from pipeline.storage.connection_strings import NAMELESS, failure, shown


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://host/news", "postgresql://host/news"),
        ("postgresql://wim@host:5432/news", "postgresql://wim@host:5432/news"),
        ("postgresql://wim:sesame@host:5432/news", "postgresql://host:5432/news"),
        ("postgres://:sesame@host/news", "postgresql://host/news"),
        ("postgresql://host/news?user=wim&password=sesame", "postgresql://host/news"),
        ("postgresql://host/news?pass%77ord=sesame", "postgresql://host/news"),
        ("postgresql://wim%3Asesame@host/news", "postgresql://host/news"),
        ("postgresql://a:1,b:2/news?password=sesame", "postgresql://a,b:1,2/news"),
        ("postgresql://wim:sesame@[::1]:5433/news", "postgresql://[::1]:5433/news"),
        ("postgresql://postgres@/news?host=/tmp/here", "postgresql://postgres@/news?host=/tmp/here"),
        ("postgresql://wim:sesame@/news?host=/tmp/here", "postgresql:///news?host=/tmp/here"),
        ("host=here dbname=news", "host=here dbname=news"),
        ("host=here user=wim password='se same' dbname=news", "postgresql://here/news"),
        # libpq reads a password that is not encoded as a part of something else.
        ("postgresql://wim:se@same@host:5432/news", NAMELESS),
        ("postgresql://wim:se/same@host:5432/news", NAMELESS),
        ("postgresql://wim:123/sesame@host:5432/news", NAMELESS),
        ("postgresql://wim:sesame@[::1/news", NAMELESS),
        ("postgresql://wim:sesame%zz@host/news", NAMELESS),
        ("host=here password=se same", NAMELESS),
        ("host=here password='sesame", NAMELESS),
    ],
)  # fmt: skip
def test_host_and_database_are_shown_and_no_password(url: str, expected: str) -> None:
    assert shown(url) == expected


SPELLINGS = [
    "postgresql://wim:sesame@127.0.0.1:1/news",
    "postgresql://wim%3Asesame@127.0.0.1:1/news",
    "postgresql://wim@127.0.0.1:1/news?pass%77ord=sesame",
    "postgresql://wim@127.0.0.1:1/news?passwd=sesame",
    "postgresql://wim:x@sesame@127.0.0.1:1/news",
    "postgresql://wim:x/sesame@127.0.0.1:1/news",
    "postgresql://wim:sesame%zz@127.0.0.1:1/news",
    "postgresql://wim@127.0.0.1:sesame/news",
    "host=127.0.0.1 port=1 user=wim password='x sesame' dbname=news",
    "host=127.0.0.1 port=1 user=wim password=x sesame",
    "host=127.0.0.1 port=1 user=wim:sesame dbname=news",
    "host=127.0.0.1 port=1 password='sesame",
]


@pytest.mark.parametrize("url", SPELLINGS)
def test_a_connection_that_fails_does_not_tell_the_password(url: str) -> None:
    with pytest.raises(DatabaseError, match="no connection to") as caught:
        schema.require_current(url)
    assert "sesame" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_refusal_that_quotes_a_user_with_a_password_is_shortened() -> None:
    """`%3A` in place of the colon makes the password a part of the user's name."""
    refused = psycopg.OperationalError(
        'connection failed: FATAL: password authentication failed for user "wim:sesame"'
    )
    said = failure("postgresql://wim%3Asesame@db.example/news", refused)
    assert said.startswith(
        "no connection to postgresql://db.example/news: password authentication failed ("
    )
    assert "sesame" not in said
    assert ": is %3A" in said


def test_a_plain_refusal_is_told_whole() -> None:
    refused = psycopg.OperationalError('FATAL: role "wim" does not exist')
    said = failure("postgresql://wim:sesame@db.example/news", refused)
    assert said == 'no connection to postgresql://db.example/news: FATAL: role "wim" does not exist'


@given(
    # With = or & it may name another value: that is then no password.
    secret=st.text(st.characters(codec="utf-8", exclude_characters="=&"), min_size=6),
    shape=st.sampled_from(
        [
            "postgresql://wim:{}@db.example:5432/news",
            "postgresql://db.example/news?password={}",
            "host=db.example password={} dbname=news",
            "host=db.example password='{}' dbname=news",
        ]
    ),
)
def test_whatever_the_password_its_letters_are_not_shown(secret: str, shape: str) -> None:
    marked = f"q7{secret}q7"  # its ends are in nothing else that is said
    assert "q7" not in shown(shape.format(marked))
