"""The demo's library goes through the same steps as an upload."""

from __future__ import annotations

from portal.demo.collateral import drawn
from portal.demo.shelf import demo_assets
from portal.files.intake import examine
from portal.files.kinds import Purpose


def test_every_piece_of_the_demo_is_a_sound_pdf(tmp_path):
    piece = demo_assets()[0]
    path = tmp_path / "piece.pdf"
    path.write_bytes(drawn(piece))
    assert examine(path, "piece.pdf", Purpose.COLLATERAL).is_accepted


def test_titles_of_the_demo_are_unlike():
    titles = [piece.title for piece in demo_assets()]
    assert len(titles) == len(set(titles)) == 12
