"""The pages made from the code say what the code does."""

from pathlib import Path

import pytest

from core.generated_docs import pages
from core.models import Role

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("name", ["states.md", "policy.md", "data-model.md"])
def test_a_page_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text() == pages()[name], f"docs/{name} is stale: run `make docs`"


def cells(verb: str) -> dict[str, str]:
    """Return a verb's row of the policy page, by role."""
    line = next(one for one in pages()["policy.md"].splitlines() if one.startswith(f"| `{verb}`"))
    words = [cell.strip() for cell in line.strip("|").split("|")]
    return dict(zip([role.value for role in Role], words[2:], strict=True))


def test_the_matrix_tells_all_from_a_part() -> None:
    reading = cells("submission.read")
    assert reading["partner"] == "released"
    assert reading["field_officer"] == "own, own organisation and handed over"
    assert reading["team_lead"].startswith("own")
    assert reading["observer"] == ""
    assert cells("assessment.read")["observer"] == "✔"
    assert cells("user.recover")["administrator"] == "✔"


def test_a_diagram_has_beginning_and_end() -> None:
    text = pages()["states.md"]
    assert "[*] --> draft" in text
    assert "archived --> [*]" in text
    assert "| `publish` | In analysis | Published | `assessment.publish` | Coordinator |" in text
