import sqlalchemy as sa
from sqlalchemy import literal_column, text

TABLE = "users"


def bad(session, name, column):
    query = f"SELECT * FROM users WHERE name = '{name}'"
    one = session.execute(text(query))  # finding
    two = session.execute(text("SELECT * FROM users WHERE name = '%s'" % name))  # finding
    three = session.execute(sa.text("SELECT * FROM users WHERE name = '{}'".format(name)))  # finding
    four = session.execute(text("SELECT * FROM users WHERE name = '" + name + "'"))  # finding
    five = session.query(literal_column(f"max({column})"))  # finding
    return one, two, three, four, five


def good(session, name, number):
    one = session.execute(text("SELECT * FROM users WHERE name = :name"), {"name": name})
    two = session.execute(text(f"SELECT * FROM {TABLE} WHERE name = :name"), {"name": f"{name}%"})
    three = session.execute(text("SELECT * FROM users " + "WHERE name = :name").bindparams(name=name))
    four = session.execute(text(f"SELECT * FROM users LIMIT {int(number)}"))
    return one, two, three, four, session.query(literal_column("max(age)"))


class Store:
    def drop(self, session, name):
        session.execute(text(f"DELETE FROM {self.table} WHERE name = '{name}'"))  # finding
        session.execute(text(f"DROP TABLE {self.table}"))
        session.execute(text("DROP TABLE {}".format(self.table)))


SORTABLE = {"name": "name ASC"}


def sorted_by(session, key, words):
    clause = SORTABLE.get(key, "id ASC")
    session.execute(text(f"SELECT * FROM users ORDER BY {clause}"))
    order = SORTABLE[key]
    session.execute(text("SELECT * FROM users ORDER BY " + order))


def listed(session, column):
    if column not in {"name", "age"}:
        raise ValueError(column)
    return session.execute(text(f"SELECT * FROM users ORDER BY {column}"))
