from flask import Flask, render_template, render_template_string, request
from jinja2 import Template

app = Flask(__name__)
PAGE = "<h1>Hello {{ name }}</h1>"
HEAD = "<html>"


@app.get("/hello")
def hello():
    name = request.args["name"]
    page = f"<h1>Hello {name}</h1>"
    if name:
        return render_template_string(page)  # finding
    render_template_string("<h1>Hello %s</h1>" % name)  # finding
    render_template_string("<h1>" + name + "</h1>")  # finding
    render_template_string("<h1>{}</h1>".format(name))  # finding
    render_template_string(request.form["template"])  # finding
    return Template(f"Dear {name}").render()  # finding


@app.get("/safe")
def safe():
    name = request.args["name"]
    render_template_string(PAGE, name=name)
    render_template_string(HEAD + "<h1>{{ name }}</h1>", name=name)
    render_template_string("<h1>{{ title }}</h1>", title=f"Hello {name}")
    render_template("hello.html", name=request.args["name"])
    return Template("Dear {{ name }}").render(name=f"Mx {name}")
