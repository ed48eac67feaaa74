from django.forms.utils import flatatt
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

COLOUR = "red"


def bad(request, user):
    html = "<b>%s</b>" % user.name
    one = mark_safe(f"<b>{user.name}</b>")  # finding
    two = mark_safe("<b>" + user.name + "</b>")  # finding
    three = mark_safe("<b>{}</b>".format(user.name))  # finding
    four = mark_safe(html)  # finding
    five = SafeString(f"<i>{user.name}</i>")  # finding
    six = mark_safe(request.GET["comment"])  # finding
    return one, two, three, four, five, six


def good(user, rendered):
    one = format_html("<b>{}</b>", user.name)
    two = mark_safe("<hr>")
    three = mark_safe(f"<b class='{COLOUR}'>")
    four = mark_safe(f"<b>{escape(user.name)}</b>")
    five = mark_safe("<b>" + conditional_escape(user.name) + "</b>")
    six = mark_safe(rendered)
    seven = mark_safe(f"<img{flatatt(user.attributes)}>")
    print(seven, mark_safe(three + four))
    return one, two, three, four, five, six, f"<b>{user.name}</b>"
