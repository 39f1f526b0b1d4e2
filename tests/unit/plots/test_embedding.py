"""The line that is copied into other sites brings one frame there, whatever a title holds."""

from __future__ import annotations

from html.parser import HTMLParser

from ckanext.satudata_pontianak.portal.plots import embedding

ADDRESS = "https://data.example/grafik/sematan?wilayah=61.71.01&periode=2025"


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_a_title_stays_a_title() -> None:
    for title in ('Harga "beras" onload="alert(1)', "<script>x</script>&lt;", "d'Or & co"):
        reader = Reader()
        reader.feed(embedding.line(ADDRESS, title))
        ((tag, said),) = reader.tags
        assert tag == "iframe"
        assert set(said) == {"src", "title", "width", "height", "loading"}
        assert (said["src"], said["title"]) == (ADDRESS, title)
