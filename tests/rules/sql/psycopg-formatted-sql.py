import psycopg2
from psycopg import sql as sql3
from psycopg2 import sql

COLUMN = "name"


def bad(cursor, table, name):
    cursor.execute(sql.SQL(f"SELECT * FROM {table}"))  # finding
    cursor.execute(sql.SQL("SELECT * FROM users WHERE name = '%s'" % name))  # finding
    cursor.execute(sql.SQL("SELECT * FROM {}".format(table)))  # finding
    cursor.execute(psycopg2.sql.SQL("SELECT * FROM " + table))  # finding
    cursor.execute(sql3.SQL(f"SELECT * FROM {table}"))  # finding


def good(cursor, table, name):
    cursor.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))
    cursor.execute(sql.SQL("SELECT * FROM users WHERE name = %s"), (name,))
    cursor.execute(sql.SQL(f"SELECT {COLUMN} FROM users"))
    cursor.execute(sql3.SQL("SELECT {} FROM users").format(sql3.Literal(f"Mx {name}")))
