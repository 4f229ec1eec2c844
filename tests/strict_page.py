"""Reads a page strictly: every tag closes in order."""

from html.parser import HTMLParser

VOID = {"meta", "link", "img", "wbr", "input"}


class Page(HTMLParser):
    """Keeps the tags with their attributes, and the texts."""

    void = VOID

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts, self._open = [], [], []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.void:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def count(self, tag, **attrs):
        return sum(t == tag and a.items() >= attrs.items() for t, a in self.tags)
