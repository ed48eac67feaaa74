ADULT = "18"


def bad(users, name):
    script = f"this.name == '{name}'"
    one = users.find({"$where": script})  # finding
    two = users.find({"age": 3, "$where": "this.name == '" + name + "'"})  # finding
    three = users.find({"$where": "this.name == '%s'" % name})  # finding
    four = users.find({"$where": "this.name == '{}'".format(name)})  # finding
    return one, two, three, four


def good(users, name):
    one = users.find({"name": {"$eq": name}})
    two = users.find({"$where": "this.credits == this.debits"})
    three = users.find({"$where": f"this.age > {ADULT}"})
    four = users.find({"title": f"Mx {name}"})
    return one, two, three, four
