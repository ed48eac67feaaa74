import os

from flask import Flask

app = Flask(__name__)


def share():
    app.run(host="0.0.0.0", debug=True)  # finding
    app.run("0.0.0.0", 8000, debug=True)  # finding
    app.run(debug=True, use_reloader=False, host="::")  # finding


def serve():
    app.run(host="127.0.0.1", debug=True)
    app.run(host="0.0.0.0")
    app.run(host="0.0.0.0", port=8000, debug=False)
    app.run(host=os.environ["HOST"], debug=True)
