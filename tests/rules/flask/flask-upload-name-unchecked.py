import hashlib
import os
import uuid
from pathlib import Path

from flask import Flask, request
from werkzeug.utils import secure_filename

app = Flask(__name__)
FOLDER = "/srv/uploads"


@app.post("/upload")
def upload():
    file = request.files["file"]
    file.save(os.path.join(FOLDER, file.filename))  # finding
    file.save(f"{FOLDER}/{file.filename}")  # finding
    file.save(Path(FOLDER) / file.filename)  # finding
    return "stored"


@app.post("/upload/named")
def upload_named():
    file = request.files["file"]
    name = file.filename
    path = os.path.join(FOLDER, name)
    file.save(path)  # finding
    return "stored"


@app.post("/upload/safe")
def upload_safe():
    file = request.files["file"]
    name = secure_filename(file.filename)
    file.save(os.path.join(FOLDER, name))
    file.save(os.path.join(FOLDER, secure_filename(file.filename)))
    file.save(os.path.join(FOLDER, os.path.basename(file.filename)))
    file.save(os.path.join(FOLDER, uuid.uuid4().hex + os.path.splitext(file.filename)[1]))
    file.save(os.path.join(FOLDER, hashlib.sha256(file.filename.encode()).hexdigest()))
    file.save(os.path.join(FOLDER, "upload.bin"))
    return file.filename
