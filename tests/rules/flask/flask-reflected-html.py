import json

from flask import Flask, Response, jsonify, make_response, redirect, render_template, request, url_for
from markupsafe import escape

app = Flask(__name__)
COLOURS = {"red", "blue"}


@app.route("/hello")
def hello():
    name = request.args.get("name", "you")
    return f"<h1>Hello {name}</h1>"  # finding


@app.route("/user/<name>")
def user(name):
    return "<h1>User %s</h1>" % name  # finding


@app.post("/search")
def search():
    query = request.form["q"]
    page = "<p>Nothing found for " + query
    page += "</p>"
    return page, 404  # finding


@app.get("/raw")
def raw():
    return Response("<p>{}</p>".format(request.args["q"]))  # finding


@app.get("/made")
def made():
    return make_response(f"<p>{request.cookies.get('theme')}</p>", 200)  # finding


@app.get("/plain")
def plain():
    return request.args.get("name")  # finding


@app.route("/safe/hello")
def safe_hello():
    name = request.args.get("name", "you")
    return f"<h1>Hello {escape(name)}</h1>"


@app.route("/safe/page/<int:number>")
def safe_page(number):
    return f"<h1>Page {number}</h1>"


@app.route("/safe/count")
def safe_count():
    count = int(request.args["count"])
    return f"<p>{count} items</p>"


@app.route("/safe/json")
def safe_json():
    return jsonify(message=f"Hello {request.args['name']}")


@app.route("/safe/dict")
def safe_dict():
    return {"message": f"Hello {request.args['name']}"}, 201


@app.route("/safe/dumped")
def safe_dumped():
    return json.dumps({"name": "Mx " + request.args["name"]})


@app.route("/safe/template")
def safe_template():
    return render_template("hello.html", name=f"Mx {request.args['name']}")


@app.route("/safe/text")
def safe_text():
    return Response(f"Hello {request.args['name']}", mimetype="text/plain")


@app.route("/safe/moved/<name>")
def safe_moved(name):
    return redirect(url_for("user", name=f"x-{name}"))


@app.route("/safe/colour")
def safe_colour():
    colour = request.args["colour"]
    if colour not in COLOURS:
        return "unknown colour", 400
    return f"<body class='{colour}'></body>"


@app.route("/safe/found/<name>")
def safe_found(name):
    item = find(name)
    return item.html


def find(name):
    return app.items[name]


def helper(name):
    return f"<b>{name}</b>"
