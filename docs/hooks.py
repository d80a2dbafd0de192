"""What the site needs beside the pages: links that leave docs/ lead to the repository."""

from __future__ import annotations

import re
from typing import Any

_OUTSIDE = re.compile(r"\]\((?:\.\./)+([A-Za-z][^)#]*)(#[^)]*)?\)")
_FILE = re.compile(r"\]\(((?:schema|example|symptoms|loading)/[^)]*)\)")


def on_page_markdown(markdown: str, *, page: Any, config: Any, files: Any) -> str:
    """Return a page's text with such links made absolute."""
    main = f"{config['repo_url']}/blob/main"
    if page.file.src_uri.count("/"):
        return markdown
    markdown = _OUTSIDE.sub(lambda found: f"]({main}/{found[1]}{found[2] or ''})", markdown)
    return _FILE.sub(lambda found: f"]({main}/docs/{found[1]})", markdown)
