"""`flask customers match FILE.csv`."""

from __future__ import annotations

import csv
import io

from click.testing import CliRunner

from portal.deals.cli import customers

PAIRS = (
    "name1,name2,country1,country2,note\n"
    "Acme GmbH,ACME AG,DE,DE,=1+1\n"
    "IBM,International Business Machines,,,\n"
    "Hilton Berlin,Hilton Paris,,,\n"
)


def run(*arguments: str):
    return CliRunner().invoke(customers, ["match", *arguments])


def test_each_pair_is_printed_with_its_verdict(tmp_path):
    (tmp_path / "pairs.csv").write_text(PAIRS, encoding="utf-8-sig")
    answer = run(str(tmp_path / "pairs.csv"))
    assert answer.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(answer.output)))
    assert [row["verdict"] for row in rows] == ["same", "maybe", "different"]
    assert rows[0]["score"] == "100"
    assert rows[0]["note"] == "'=1+1"
    assert "initials" in rows[1]["reasons"]
    assert list(rows[0])[:5] == ["name1", "name2", "country1", "country2", "note"]


def test_the_result_is_written_where_asked(tmp_path):
    (tmp_path / "pairs.csv").write_text(PAIRS.replace(",", ";"), encoding="utf-8")
    answer = run(str(tmp_path / "pairs.csv"), "--out", str(tmp_path / "result.csv"))
    assert answer.output.startswith("Compared 3 pairs")
    with (tmp_path / "result.csv").open(encoding="utf-8", newline="") as file:
        assert [row["verdict"] for row in csv.DictReader(file)] == ["same", "maybe", "different"]


def test_a_missing_column_is_named(tmp_path):
    (tmp_path / "pairs.csv").write_text("name1,country1\nAcme,DE\n", encoding="utf-8")
    answer = run(str(tmp_path / "pairs.csv"))
    assert answer.exit_code == 1
    assert "The file lacks the columns: name2." in answer.output


def test_a_file_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "pairs.csv").write_bytes("name1,name2\nMüller,Müller\n".encode("latin-1"))
    answer = run(str(tmp_path / "pairs.csv"))
    assert answer.exit_code == 1
    assert "Save it as UTF-8." in answer.output
