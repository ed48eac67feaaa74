import os

from flask import Flask

app = Flask(__name__)
app.config["DEBUG"] = True  # finding
app.debug = True  # finding
app.config.update(TESTING=False, DEBUG=True)  # finding

app.debug = False
app.config["DEBUG"] = os.environ.get("FLASK_DEBUG") == "1"
app.config["DEBUG_TB_ENABLED"] = True


def develop(port):
    app.run(port=port, debug=True, threaded=True)  # finding


def serve(port):
    app.run(port=port)
    app.run(port=port, debug=False)
    app.run(port=port, debug=bool(os.environ.get("FLASK_DEBUG")))
