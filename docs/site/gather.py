"""Gathers the pages of the site in build/docs/pages: those of docs/, the ones beside it that a page links to, and, as plain
files, what else is linked to, so that the site is whole without the repository. script/docs runs it.

A link to something that there is not ends it; mkdocs checks the others.
"""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "build/docs/pages"
LINK = re.compile(r"(\]\()([^)\s#]+)(#[^)\s]*)?(\))")
# Pages of their own, below project/.
BESIDE = ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "bench/RESULTS.md", "bench/README.md",
          "bench/client/RESULTS.md"]

problems = []
files = set()


def place(path: Path) -> str:
    """Where something of the repository is in the site."""
    if path.parent == ROOT / "docs" and path.suffix == ".md":
        return path.name
    name = path.relative_to(ROOT).as_posix()
    if name in BESIDE:
        return f"project/{name}"
    if name == "README.md":
        return "index.md"
    files.add(path)
    return f"files/{name}.txt"


def listing(folder: Path) -> str:
    return "".join(f"{entry.name}{'/' if entry.is_dir() else ''}\n" for entry in sorted(folder.iterdir()))


def rewrite(page: Path, at: str) -> str:
    def link(found: re.Match) -> str:
        target = found[2]
        if re.match(r"[a-z]+:", target):
            return found[0]
        path = (page.parent / target).resolve()
        if not path.exists() or not path.is_relative_to(ROOT):
            problems.append(f"{page.relative_to(ROOT)}: there is no {target}")
            return found[0]
        up = "../" * at.count("/")
        where = place(path)
        # An anchor in a file that is no page is a line number, at most.
        anchor = found[3] or "" if where.endswith(".md") else ""
        return f"{found[1]}{up}{where}{anchor}{found[4]}"

    parts = re.split(r"(^```.*?^```$)", page.read_text(), flags=re.M | re.S)
    return "".join(part if index % 2 else LINK.sub(link, part) for index, part in enumerate(parts))


def main() -> None:
    shutil.rmtree(PAGES, ignore_errors=True)
    pages = {page: page.name for page in (ROOT / "docs").glob("*.md")}
    pages |= {ROOT / name: f"project/{name}" for name in BESIDE}
    for page, at in pages.items():
        (PAGES / at).parent.mkdir(parents=True, exist_ok=True)
        (PAGES / at).write_text(rewrite(page, at))
    for path in files:
        to = PAGES / f"files/{path.relative_to(ROOT).as_posix()}.txt"
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text(listing(path) if path.is_dir() else path.read_text())
    shutil.copy(ROOT / "docs/site/extra.css", PAGES)
    if problems:
        sys.exit("\n".join(problems))


main()
