import sqlalchemy as sa
from flask import request
from sqlalchemy import text

from shop.models import User

SORTABLE = {"name": User.name}


def bad(query, sort):
    one = query.order_by(text(sort))  # finding
    two = query.order_by(User.age, sa.text(request.args["sort"]))  # finding
    three = query.group_by(text(request.args.get("group")))  # finding
    return one, two, three


def good(query, sort):
    one = query.order_by(SORTABLE[sort].desc())
    two = query.order_by(text("name DESC"))
    three = query.order_by(User.name)
    return one, two, three


def listed(query, sort):
    if sort not in {"name", "age"}:
        raise ValueError(sort)
    return query.order_by(text(sort))


def mapped(query, key):
    sort = {"name": "name ASC"}[key]
    column = "age DESC"
    return query.order_by(text(column)), query.filter(User.name == sort)
