import jinja2
from django.template import Context, Engine
from flask import Flask

app = Flask(__name__)
app.jinja_env.autoescape = False  # finding
app.jinja_options = {"autoescape": False}  # finding

TEMPLATES = [
    # finding
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {"autoescape": False},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {"autoescape": True, "context_processors": []},
    },
]


def bad(loader, values):
    one = jinja2.Environment(loader=loader, autoescape=False)  # finding
    return one, Engine(dirs=[], autoescape=False)  # finding


def good(loader, values):
    one = jinja2.Environment(loader=loader, autoescape=True)
    two = jinja2.Environment(loader=loader, autoescape=jinja2.select_autoescape())
    three = Context(values, autoescape=False)  # the way to render plain-text mail
    app.jinja_env.trim_blocks = False
    return one, two, three, Engine(dirs=[], debug=False)
