from flask import Flask
from flask_cors import CORS, cross_origin

app = Flask(__name__)
CORS(app, supports_credentials=True)  # finding
CORS(app, origins="*", supports_credentials=True)  # finding
CORS(app, supports_credentials=True, origins=["*"])  # finding
CORS(app, resources={r"/api/*": {"origins": "*"}}, supports_credentials=True)  # finding

CORS(app)
CORS(app, origins="*")
CORS(app, origins=["https://app.example.com"], supports_credentials=True)
CORS(app, resources={r"/api/*": {"origins": ["https://app.example.com"]}}, supports_credentials=True)
CORS(app, origins=app.config["ORIGINS"], supports_credentials=True)


@app.get("/me")
@cross_origin(origins="*", supports_credentials=True)  # finding
def me():
    return {}


@app.get("/you")
@cross_origin(origins="https://app.example.com", supports_credentials=True)
def you():
    return {}
