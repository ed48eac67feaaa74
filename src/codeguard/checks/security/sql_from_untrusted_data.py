"""Untrusted data in the text of an SQL statement.

Text that is put into a statement becomes part of it: a quote ends the value, and what follows is run by the database.
Pass values as parameters (`execute(sql, params)`), which the driver never reads as SQL; choose names of tables and
columns, which cannot be parameters, from a fixed list.  See CWE-89 and PEP 249 (`paramstyle`).
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good, Miss
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS200",
    name="sql-from-untrusted-data",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(89,),
    aliases=("bandit:B608", "ruff:S608", "bandit:B610", "bandit:B611"),
    flow=Flow(
        kinds=("sql",),
        harm="whoever controls it can change the statement",
    ),
    fix="Pass the value as a parameter of the statement.",
    bad=(
        Bad("""\
import sqlite3
from flask import Flask, request

app = Flask(__name__)


@app.get("/user")
def user():
    name = request.args["name"]
    db = sqlite3.connect("app.db")
    return str(db.execute(f"SELECT * FROM users WHERE name = '{name}'").fetchall())  # finding
"""),
        Bad("""\
def where(column, value):
    return "WHERE " + column + " = '" + value + "'"


def find(cursor, value):
    sql = "SELECT * FROM items " + where("name", value)
    cursor.execute(sql)  # finding
"""),
    ),
    good=(
        Good("""\
import sqlite3
from flask import Flask, request

app = Flask(__name__)


@app.get("/user")
def user():
    db = sqlite3.connect("app.db")
    return str(db.execute("SELECT * FROM users WHERE name = ?", (request.args["name"],)).fetchall())
"""),
        Good("""\
COLUMNS = {"name": "name", "age": "birth_date"}


def listing(cursor, order):
    if order not in COLUMNS:
        raise ValueError(order)
    cursor.execute(f"SELECT * FROM users ORDER BY {order}")
"""),
        Good("""\
def one(cursor, key):
    cursor.execute("SELECT * FROM users WHERE id = %d" % int(key))
"""),
    ),
    misses=(
        Miss(
            """\
def find(session, table, value):
    query = build(table, value)
    getattr(session, "execute")(query)  # finding
""",
            why="a method that is looked up by its name is not known as the one that runs SQL",
        ),
    ),
)
