from django.utils.html import escape, format_html

TAG = "b"


def bad(name):
    html = f"<b>{name}</b>"
    one = format_html(f"<b>{name}</b>")  # finding
    two = format_html("<b>%s</b>" % name)  # finding
    three = format_html("<b>{}</b>".format(name))  # finding
    four = format_html("<a href='{}'>" + name + "</a>", "/")  # finding
    five = format_html(html)  # finding
    return one, two, three, four, five


def good(name):
    one = format_html("<b>{}</b>", name)
    two = format_html(f"<{TAG}>{{}}</{TAG}>", name)
    three = format_html("<b>" + "{}" + "</b>", name)
    four = format_html("<b>{}</b>", f"Mx {name}")
    five = format_html(f"<b>{escape(name)}</b>")
    return one, two, three, four, five
