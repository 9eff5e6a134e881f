"""Files as tables: every encoding and separator people send, and refusals that name the place."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from portal.imports.rules import read, unpack
from portal.kernel.errors import Refused

PLAIN = 'Company,City\nZürich AG,"Bern, CH"\n'


def book(rows, **options) -> bytes:
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, options)
    sheet = workbook.add_worksheet()
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write(number, place, cell)
    workbook.close()
    return out.getvalue()


def packed(**members) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name.replace("_", "."), body)
    return out.getvalue()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_usual_encoding_and_separator_is_read_alike(encoding, separator):
    text = f'Company{separator}City\nZürich AG{separator}"a{separator}b"\n'
    table = read("t.csv", text.encode(encoding))
    assert table.header == ("Company", "City")
    assert table.rows[0].cells == ("Zürich AG", f"a{separator}b")


def test_a_line_that_names_the_separator_is_not_data():
    assert read("t.csv", b"sep=;\na;b\n1;2\n").header == ("a", "b")


def test_line_breaks_inside_quotes_stay_in_their_cell_and_rows_keep_their_numbers():
    table = read("t.csv", b'a,b\n"1\n2",x\n\n3,y\n')
    assert [(row.number, row.cells) for row in table.rows] == [
        (2, ("1\n2", "x")),
        (4, ("3", "y")),
    ]


def test_a_workbook_is_read_as_text_without_trailing_zeros():
    table = read("t.xlsx", book([["name", "price", "yes"], ["A", 5482.0, True], ["B", 0.5, None]]))
    assert [row.cells for row in table.rows] == [("A", "5482", "yes"), ("B", "0.5", "")]


def test_names_of_columns_that_are_missing_or_twice_get_their_place():
    assert read("t.csv", b"a,,a\n1,2,3\n").header == ("a", "Column 2", "a (3)")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "is empty"),
        (b" \r\n \n", "is empty"),
        (b"a,b\n", "no rows below"),
        (b"%PDF-1.7 ...", "this is a PDF"),
        (b"\x89PNG\r\n", "this is a picture"),
        (b"\xd0\xcf\x11\xe0 old", "save it as XLSX"),
        (b"PK\x03\x04 broken", "damaged"),
        (("a," * 5_000 + "a\n1\n").encode(), "5,001 columns"),
        (b"a\n" + b"1\n" * 50_001, "50,001 rows"),
        (b'a,b\n"' + b"x" * 200_000 + b'",2\n', "line 2 cannot be read"),
        (b"a\n\x81\x8d\xff\n", "characters cannot be read"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(body, why):
    with pytest.raises(Refused, match=why) as refused:
        for name, content in unpack("t", body):
            read(name, content)
    assert (refused.value.code, refused.value.field) == ("unreadable_file", "files")


def test_a_formula_that_was_never_computed_is_named():
    xml = b'<c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="2"><c r="A2"><f>1+1</f></c>'
    bare = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book([["a"], [1]]))) as source,
        zipfile.ZipFile(bare, "w") as target,
    ):
        for item in source.infolist():
            body = source.read(item)
            if item.filename.endswith("sheet1.xml"):
                start, end = body.index(b"<c "), body.rindex(b"</row>")
                body = body[:start] + xml + body[end:]
            target.writestr(item, body)
    with pytest.raises(Refused, match="cell A2 holds a formula"):
        read("t.xlsx", bare.getvalue())


def test_a_zip_gives_its_tables_and_nothing_hidden():
    body = packed(**{"a_csv": PLAIN, "README_md": "x", "__MACOSX/a_csv": "x", "d/b_xlsx": "y"})
    names = [name for name, _ in unpack("t.zip", body)]
    assert "a.csv" in names
    assert "README.md" not in names


def test_a_zip_that_unpacks_to_too_much_is_refused():
    with pytest.raises(Refused, match="larger than 100 MB"):
        unpack("t.zip", packed(a_csv=b"0" * (101 * 2**20)))


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_with_a_reason(body):
    try:
        for name, content in unpack("t", body):
            read(name, content)
    except Refused as refused:
        assert refused.message.startswith("t")


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]))
            .map(str.strip)
            .filter(bool),
            min_size=2,
            max_size=2,
        ),
        min_size=2,
        max_size=8,
    )
)
def test_what_a_spreadsheet_holds_is_what_is_read(rows):
    table = read(
        "t.xlsx",
        book(
            [[f"{cell}x" for cell in row] for row in rows],
            strings_to_formulas=False,
            strings_to_urls=False,
            strings_to_numbers=False,
        ),
    )
    assert [list(row.cells) for row in table.rows] == [[f"{c}x" for c in row] for row in rows[1:]]
