from html import escape

import bleach
from flask import request
from markupsafe import Markup
from wtforms.widgets import html_params

BOLD = "b"


def bad(name, items):
    html = "<b>" + name + "</b>"
    one = Markup(f"<b>{name}</b>")  # finding
    two = Markup("<b>%s</b>" % name)  # finding
    three = Markup("<b>{}</b>".format(name))  # finding
    four = Markup(html)  # finding
    five = Markup(request.form["comment"])  # finding
    return one, two, three, four, five, items


def good(name, comment):
    one = Markup("<b>%s</b>") % name
    two = Markup("<b>{}</b>").format(name)
    three = Markup(f"<b>{escape(name)}</b>")
    four = Markup("<b>" + escape(name) + "</b>")
    five = Markup("<hr>")
    six = Markup(f"<{BOLD}>")
    seven = Markup(bleach.clean(request.form["comment"]))
    eight = Markup(f"<input {html_params(name=name)}>")
    nine = Markup(one + two)
    print(eight, nine)
    return one, two, three, four, five, six, seven, Markup.escape(f"<b>{name}</b>")
