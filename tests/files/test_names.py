"""Names from outside are labels: safe to show, safe in a header, never a path."""

from __future__ import annotations

import unicodedata
from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.files.names import clean_name, content_disposition, extension_of
from tests.files.corpus import ODD_NAMES


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../etc/x", "x"),
        ("C:\\temp\\Angebot.pdf", "Angebot.pdf"),
        ('a"\r\nX: y.pdf', "a_ X_ y.pdf"),
        ("CON", "_CON"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("exe\u202efdp.pdf", "exefdp.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        (" . ", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("price list .pdf", "price list.pdf"),
        ("می\u200cخواهم.pdf", "می\u200cخواهم.pdf"),
    ],
)
def test_a_name_is_cleaned_to_a_label(name, label):
    assert clean_name(name) == label


def test_a_long_name_keeps_its_extension_and_whole_characters():
    label = clean_name("ü" * 200 + ".pdf")

    assert len(label.encode()) <= 255
    assert label.endswith("ü.pdf")


@given(st.one_of(st.text(max_size=400), st.sampled_from(ODD_NAMES)))
def test_a_label_is_short_printable_and_settled(name):
    label = clean_name(name)

    assert 1 <= len(label.encode()) <= 255
    assert not set(label) & set('/\\<>:"|?*')
    assert all(unicodedata.category(char)[0] != "C" or char in "\u200c\u200d" for char in label)
    assert clean_name(label) == label
    assert not extension_of(label).startswith(".")


@given(st.one_of(st.text(max_size=400), st.sampled_from(ODD_NAMES)))
def test_the_header_is_one_ascii_line_that_reads_back_as_the_label(name):
    header = content_disposition(name)
    message = Message()
    message["Content-Disposition"] = header

    assert header.isascii()
    assert header.isprintable()
    assert message.get_content_disposition() == "attachment"
    assert header.count('"') == 2
    if "filename*" in header:
        message = Message()
        first, _, rest = header.partition("; filename=")
        message["Content-Disposition"] = f"{first}; {rest.partition('; ')[2]}"
    assert message.get_filename() == clean_name(name)


def test_the_header_has_both_forms_when_they_differ():
    assert content_disposition("Größe 5%.pdf") == (
        "attachment; filename=\"Groe 5_.pdf\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%205%25.pdf"
    )
    assert content_disposition("plain.pdf", inline=True) == 'inline; filename="plain.pdf"'
    assert 'filename="file.pdf"' in content_disposition("עלון.pdf")
