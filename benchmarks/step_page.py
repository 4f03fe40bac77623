"""A dense page for measuring one step: 320 interactive elements of six sorts at 1280×720."""

from __future__ import annotations

from pathlib import Path

COLUMNS, ROWS = 16, 20
ELEMENTS = COLUMNS * ROWS

_SORTS = (
    '<button onclick="hit(this)">Button {n}</button>',
    '<a href="#{n}" onclick="hit(this)">Link {n}</a>',
    '<input placeholder="Field {n}" onclick="hit(this)">',
    '<label><input type="checkbox" onclick="hit(this)"> {n}</label>',
    '<div role="tab" tabindex="0" onclick="hit(this)">Tab {n}</div>',
    '<select onclick="hit(this)"><option>List {n}</option><option>Other</option></select>',
)

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Dense page</title>
<style>
  body {{ margin: 0; font: 12px/1.2 sans-serif }}
  h1 {{ font-size: 14px; margin: 6px 8px }}
  main {{ display: grid; grid-template-columns: repeat({columns}, 1fr); gap: 4px; padding: 4px }}
  main > * {{ height: 28px; min-width: 0; box-sizing: border-box; overflow: hidden }}
  .hit {{ outline: 2px solid teal }}
</style>
</head>
<body>
<h1>Clicks: <span id="count">0</span></h1>
<main>{cells}</main>
<script>
  function hit(element) {{
    event.preventDefault();
    document.querySelector(".hit")?.classList.remove("hit");
    element.classList.add("hit");
    count.textContent = 1 + Number(count.textContent);
  }}
</script>
</body>
</html>
"""


def is_list(n: int) -> bool:
    """Is element number `n`, in reading order from 0, a drop-down list?"""
    return _SORTS[n % len(_SORTS)].startswith("<select")


def write(folder: Path) -> Path:
    """The page as a file in this folder."""
    cells = "\n".join(_SORTS[n % len(_SORTS)].format(n=n) for n in range(ELEMENTS))
    file = folder / "dense.html"
    file.write_text(_PAGE.format(columns=COLUMNS, cells=cells), "utf-8")
    return file
