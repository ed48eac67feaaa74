import hashlib
import os
from pathlib import Path

from django.http import FileResponse
from flask import Flask, abort, request, send_file, send_from_directory
from werkzeug.utils import secure_filename

app = Flask(__name__)
FOLDER = Path("/srv/files")
REPORTS = {"daily": "daily.pdf"}


@app.get("/file")
def file():
    return send_file(os.path.join("/srv/files", request.args["name"]))  # finding


@app.get("/read")
def read():
    name = request.args.get("name", "a.txt")
    path = f"/srv/files/{name}"
    if not os.path.exists(path):
        abort(404)
    with open(path) as stream:  # finding
        return stream.read()


@app.route("/files/<path:name>")
def files(name):
    return send_file("/srv/files/" + name)  # finding


@app.delete("/file")
def delete():
    target = FOLDER / request.form["name"]
    target.unlink()  # finding
    os.remove("/srv/files/" + request.form["name"])  # finding
    return {}


def django_file(request):
    return FileResponse(open("/srv/files/" + request.GET["name"], "rb"))  # finding


@app.get("/safe/directory")
def safe_directory():
    return send_from_directory("/srv/files", request.args["name"])


@app.get("/safe/name")
def safe_name():
    name = secure_filename(request.args["name"])
    return send_file(os.path.join("/srv/files", name))


@app.get("/safe/base")
def safe_base():
    return send_file(os.path.join("/srv/files", os.path.basename(request.args["name"])))


@app.get("/safe/resolved")
def safe_resolved():
    path = (FOLDER / request.args["name"]).resolve()
    if not path.is_relative_to(FOLDER):
        abort(404)
    return send_file(path)


@app.get("/safe/common")
def safe_common():
    path = os.path.realpath(os.path.join("/srv/files", request.args["name"]))
    if os.path.commonpath([path, "/srv/files"]) != "/srv/files":
        abort(404)
    return send_file(path)


@app.get("/safe/started")
def safe_started():
    path = os.path.abspath(os.path.join("/srv/files", request.args["name"]))
    if path.startswith("/srv/files/"):
        return send_file(path)
    return abort(404)


@app.get("/safe/normal")
def safe_normal():
    path = "/srv/files/" + request.args["name"]
    if not os.path.abspath(path).startswith("/srv/files/"):
        abort(404)
    return send_file(path)


@app.get("/safe/report")
def safe_report():
    return send_file(FOLDER / REPORTS[request.args["name"]])


@app.get("/safe/listed")
def safe_listed():
    name = request.args["name"]
    if name not in REPORTS.values():
        abort(404)
    return send_file(f"/srv/files/{name}")


@app.get("/safe/hashed")
def safe_hashed():
    name = hashlib.sha256(request.args["name"].encode()).hexdigest()
    with open(f"/srv/cache/{name}") as stream:
        return stream.read()


def helper(path):
    with open(path) as stream:
        return stream.read()
