"""HTML read as a strict reader would: elements that balance, ids, links, and whatever could run or be fetched."""

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "img", "col", "wbr", "link", "input", "hr"}
RUNS = {"script", "iframe", "object", "embed", "base", "form", "link", "foreignobject", "use", "animate", "set"}


@dataclass
class Page:
    """What was found in a page. `faults` is empty in a page that is well formed and inert."""

    tags: Counter[str] = field(default_factory=Counter)
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.tags[tag] += 1
        if tag not in VOID:
            self.open.append(tag)
        if tag in RUNS:
            self.page.faults.append(f"<{tag}>")
        if tag[0] == "h" and tag[1:].isdigit():
            self.page.headings.append(int(tag[1:]))
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on"):
            self.page.faults.append(f"<{tag} {name}>")
        elif name == "id":
            self.page.ids.append(value)
        elif name == "href":
            self.page.links.append(value)
            if not value.startswith(("#", "https://", "http://", "mailto:")):
                self.page.faults.append(f"href {value}")
        elif (name in ("src", "srcset", "data", "poster") and not value.startswith("data:image/")) or (
            "url(" in value and not value.startswith("url(#")
        ):
            self.page.faults.append(f"{name} {value}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.faults.append(f"<{tag}/>")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.page.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.page.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.page.faults.append(f"comment {data}")


def read(html: str) -> Page:
    """The page of this HTML."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    page = reader.page
    page.faults += [f"<{tag}> is not closed" for tag in reader.open]
    page.faults += [f"id {id} is there {number} times" for id, number in Counter(page.ids).items() if number > 1]
    return page
