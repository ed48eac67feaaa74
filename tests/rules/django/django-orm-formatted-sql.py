from django.db.models.expressions import RawSQL

from shop.models import Order

TABLE = "shop_order"


def bad(name, column):
    query = f"SELECT * FROM shop_order WHERE name = '{name}'"
    one = Order.objects.raw(query)  # finding
    two = Order.objects.raw("SELECT * FROM shop_order WHERE name = '%s'" % name)  # finding
    three = Order.objects.extra(where=["name = '" + name + "'"])  # finding
    four = Order.objects.filter(paid=True).extra(select={"rank": "rank({})".format(column)})  # finding
    five = Order.objects.annotate(rank=RawSQL(f"SELECT {column} FROM ranks", []))  # finding
    return one, two, three, four, five


SORTS = {"new": "created"}


def good_parts(key, words):
    marks = ", ".join(["%s"] * len(words))
    one = Order.objects.raw(f"SELECT * FROM shop_order WHERE name IN ({marks})", words)
    column = SORTS.get(key, "id")
    two = Order.objects.raw(f"SELECT * FROM shop_order ORDER BY {column}")
    return one, two


def good(name):
    one = Order.objects.raw("SELECT * FROM shop_order WHERE name = %s", [name])
    two = Order.objects.raw(f"SELECT * FROM {TABLE} WHERE name = %s", [name])
    three = Order.objects.extra(where=["name = %s"], params=[name])
    four = Order.objects.annotate(rank=RawSQL("SELECT rank FROM ranks WHERE name = %s", [name]))
    five = Order.objects.filter(name=f"Mx {name}")
    return one, two, three, four, five
