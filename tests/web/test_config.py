"""Settings: read once, named when wrong, written down in one place."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from portal.config import Config, ConfigError, from_environment

STRONG = {
    "PORTAL_ENV": "production",
    "PORTAL_URL": "https://partners.example.com",
    "PORTAL_SECRET_KEY": "k" * 48,
    "PORTAL_MAIL": "smtps://portal:secret@mail.example.com",
    "PORTAL_DATABASE_URL": "postgresql://portal:secret@db.example.com/portal",
}


def test_without_any_setting_the_portal_starts_for_development():
    assert from_environment({}).is_production is False


def test_strong_settings_start_production():
    assert from_environment(STRONG).is_production


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_ENV", "staging"),
        ("PORTAL_URL", "partners.example.com"),
        ("PORTAL_DATABASE_URL", "mysql://x"),
        ("PORTAL_MAIL", "pigeon"),
        ("PORTAL_FILES", "/srv/files"),
        ("PORTAL_CLAMD", "localhost"),
        ("PORTAL_PASSWORD_COST", "0"),
        ("PORTAL_WORKERS", "many"),
        ("PORTAL_TRUSTED_PROXIES", "9"),
        ("PORTAL_NO_SUCH_THING", "1"),
    ],
)
def test_a_wrong_value_stops_the_start_with_a_sentence_that_names_it(name, value):
    with pytest.raises(ConfigError, match=name):
        from_environment({name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_URL", "http://partners.example.com"),
        ("PORTAL_SECRET_KEY", "short"),
        ("PORTAL_MAIL", "console"),
        ("PORTAL_SECOND_FACTOR", "optional"),
        ("PORTAL_DATABASE_URL", "postgresql://db.example.com/portal?sslmode=disable"),
    ],
)
def test_production_refuses_weak_settings(name, value):
    with pytest.raises(ConfigError, match=name):
        from_environment({**STRONG, name: value})


def test_every_setting_is_in_the_docstring_and_in_the_operators_page():
    page = (Path(__file__).parents[2] / "docs" / "operators.md").read_text()
    for each in fields(Config):
        assert f"    {each.name.upper()} " in (Config.__doc__ or ""), each.name
        assert f"| PORTAL_{each.name.upper()} |" in page, each.name
