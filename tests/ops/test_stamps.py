"""A step is skipped only when nothing that it depends on has changed."""

from pathlib import Path

from ops.stamps import Stamp


def test_a_step_is_done_again_when_an_input_or_output_changes(tmp_path: Path) -> None:
    source, output = tmp_path / "source", tmp_path / "output"
    source.mkdir()
    (source / "a").write_text("1")

    def stamp() -> Stamp:
        return Stamp("s", inputs=[source, "3.11"], outputs=[output], home=tmp_path / "stamps")

    assert not stamp().is_current()
    output.touch()
    stamp().set()
    assert stamp().is_current()
    output.unlink()
    assert not stamp().is_current()
    output.touch()
    (source / "a").write_text("2")
    assert not stamp().is_current()
    (source / "a").write_text("1")
    assert stamp().is_current()
    (source / "b").touch()
    assert not stamp().is_current()


def test_a_missing_input_counts_as_content(tmp_path: Path) -> None:
    absent = tmp_path / "absent"
    Stamp("s", inputs=[absent], home=tmp_path).set()
    assert Stamp("s", inputs=[absent], home=tmp_path).is_current()
    absent.write_text("here")
    assert not Stamp("s", inputs=[absent], home=tmp_path).is_current()
