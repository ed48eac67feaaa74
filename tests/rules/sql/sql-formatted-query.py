import re
import sys

import pandas as pd
from flask import request
from sqlalchemy import select, text

from shop.models import User

TABLE = "users"
SORTABLE = {"name": "name", "age": "age"}


def by_name(cursor, name):
    cursor.execute(f"SELECT * FROM users WHERE name = '{name}'")  # finding
    cursor.execute("SELECT * FROM users WHERE name = '%s'" % name)  # finding
    cursor.execute("SELECT * FROM users WHERE name = '" + name + "'")  # finding
    cursor.execute("SELECT * FROM users WHERE name = '{}'".format(name))  # finding
    cursor.execute("SELECT * FROM users WHERE name = '{n}'".format(n=name))  # finding
    cursor.executescript(f"DELETE FROM users WHERE name = '{name}';")  # finding


def fetched(cursor, name):
    print(cursor.execute(f"SELECT * FROM users WHERE name = '{name}'"))  # finding
    return list(cursor.execute("SELECT * FROM users WHERE name = '" + name + "'").fetchall())  # finding


def by_parts(cursor, name, city):
    query = "SELECT * FROM users"
    query += " WHERE name = '" + name + "'"
    query += " LIMIT 10"
    cursor.execute(query)  # finding
    conditions = []
    if city:
        conditions.append(f"city = '{city}'")
    cursor.execute("SELECT * FROM users WHERE " + " AND ".join(conditions))  # finding


class Store:
    def find(self, user):
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT * FROM users WHERE id = '%s'" % user.key)  # finding

    async def fetch(self, name: str = ""):
        return await self.pool.fetchrow(f"SELECT * FROM users WHERE name = '{name}'")  # finding


def from_request(db):
    key = request.args.get("key")
    return db.execute(f"SELECT * FROM users WHERE key = '{key}'")  # finding


def from_terminal(connection):
    frame = pd.read_sql(f"SELECT * FROM users WHERE name = '{sys.argv[1]}'", connection)  # finding
    name = input("name: ")
    connection.execute("SELECT * FROM users WHERE name = '" + name + "'")  # finding
    return frame


def bound(cursor, name, ids):
    cursor.execute("SELECT * FROM users WHERE name = ?", (name,))
    cursor.execute("SELECT * FROM users WHERE name = %s" % "?", (name,))
    marks = ",".join("?" for _ in ids)
    cursor.execute(f"SELECT * FROM users WHERE id IN ({marks})", ids)
    cursor.execute(f"SELECT * FROM {TABLE} WHERE name = ?", (f"%{name}%",))
    cursor.execute("SELECT * FROM users WHERE name LIKE ?", ("%" + name + "%",))


def conditions_with_parameters(cursor, name, city):
    conditions, values = [], []
    if name:
        conditions.append("name = ?")
        values.append(name)
    if city:
        conditions.append("city = ?")
        values.append(city)
    cursor.execute("SELECT * FROM users WHERE " + " AND ".join(conditions), values)


def numbers(cursor, page, size: int):
    cursor.execute(f"SELECT * FROM users LIMIT {size}")
    offset = int(page) * 10
    cursor.execute(f"SELECT * FROM users OFFSET {offset}")


def listed(cursor, column, order, sort):
    if column not in {"name", "age"}:
        raise ValueError(column)
    direction = "DESC" if order == "desc" else "ASC"
    cursor.execute(f"SELECT * FROM users ORDER BY {column} {direction}")
    cursor.execute(f"SELECT * FROM users ORDER BY {SORTABLE[sort]}")
    cursor.execute(f"SELECT * FROM users ORDER BY {SORTABLE.get(sort, 'name')}")


def checked(cursor, table):
    if not table.isidentifier():
        raise ValueError(table)
    cursor.execute(f"SELECT * FROM {table}")


def matched(cursor, table, name):
    if re.fullmatch(r"[a-z_]+", table) is None:
        raise ValueError(table)
    if not re.fullmatch(r"[a-z_]+", name):
        raise ValueError(name)
    cursor.execute(f"SELECT * FROM {table} WHERE name = '{name}'")


def orm(session, name):
    session.execute(select(User).where(User.name == "Mx " + name))
    session.execute(text("SELECT * FROM users WHERE name = :name"), {"name": f"Mx {name}"})


def whole(cursor, query):
    cursor.execute(query)


class Table:
    def count(self, executor, name):
        executor.execute(f"count {name}")
        return self.cursor.execute(f"SELECT COUNT(*) FROM {self.table}")
