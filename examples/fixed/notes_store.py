"""Storage for the notes API, done right: bound values, an allow-list for the column, connections that close."""

import contextlib
import sqlite3

DATABASE = "notes.db"
COLUMNS = {"created": "created", "title": "title"}


def search_notes(term: str, order: str = "created") -> list[dict[str, object]]:
    """Return the notes whose title holds `term`, in a known order."""
    column = COLUMNS.get(order, "created")
    query = f"SELECT id, title, body FROM notes WHERE title LIKE ? ORDER BY {column}"
    with contextlib.closing(sqlite3.connect(DATABASE)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(query, (f"%{term}%",)).fetchall()]
