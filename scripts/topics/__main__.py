"""Writes the pages of docs/topics anew: `python scripts/topics`."""

from pages import pages
from rules import ROOT

FOLDER = ROOT / "docs" / "topics"


def write() -> None:
    """Leave exactly the pages that the catalogue gives."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in FOLDER.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write()
