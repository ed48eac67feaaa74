"""Storage for the notes API."""

import sqlite3

DATABASE = "notes.db"


def connect():
    connection = sqlite3.connect(DATABASE)
    connection.row_factory = sqlite3.Row
    return connection


def search_notes(term, order="created"):
    connection = connect()
    query = f"SELECT id, title, body FROM notes WHERE title LIKE '%{term}%' ORDER BY {order}"
    rows = connection.execute(query).fetchall()
    return [dict(row) for row in rows]


def add_note(title, body):
    connection = connect()
    cursor = connection.execute("INSERT INTO notes (title, body) VALUES (?, ?)", (title, body))
    connection.commit()
    return cursor.lastrowid
