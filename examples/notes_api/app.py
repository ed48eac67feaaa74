"""A small notes API."""

import hashlib
import os
import subprocess

import yaml
from flask import Flask, jsonify, redirect, request, send_file

from notes_api.store import add_note, search_notes

app = Flask(__name__)
app.config["SECRET_KEY"] = "s3cr3t-notes-key-2024"
UPLOADS = "/srv/notes/uploads"


@app.route("/notes")
def notes():
    term = request.args.get("q", "")
    return jsonify(search_notes(term, request.args.get("sort", "created")))


@app.route("/notes", methods=["POST"])
def create_note():
    data = yaml.load(request.data)
    note_id = add_note(data["title"], data["body"])
    return redirect(request.args.get("next", f"/notes/{note_id}"))


@app.route("/attachments/<path:name>")
def attachment(name):
    return send_file(os.path.join(UPLOADS, name))


@app.route("/export")
def export():
    fmt = request.args.get("format", "pdf")
    subprocess.run(f"pandoc notes.md -o export.{fmt}", shell=True)
    return send_file(f"export.{fmt}")


@app.route("/login", methods=["POST"])
def login():
    password = request.form["password"]
    digest = hashlib.md5(password.encode()).hexdigest()
    return jsonify({"token": digest})


if __name__ == "__main__":
    app.run(host="0.0.0.0", debug=True)
