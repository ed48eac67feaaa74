from flask import Flask, request

app = Flask(__name__)
ALLOWED = {"https://app.example.com"}


@app.after_request
def reflect(response):
    response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin")  # finding
    response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin", "*")  # finding
    response.headers.add("Access-Control-Allow-Origin", request.headers["Origin"])  # finding
    return response


@app.after_request
def reflect_through_a_name(response):
    origin = request.headers.get("origin")
    response.headers["access-control-allow-origin"] = origin  # finding
    return response


@app.after_request
def known_origin(response):
    origin = request.headers.get("Origin")
    if origin in ALLOWED:
        response.headers["Access-Control-Allow-Origin"] = origin
    return response


@app.after_request
def leave_early(response):
    origin = request.headers.get("Origin")
    if origin not in ALLOWED:
        return response
    response.headers["Access-Control-Allow-Origin"] = origin
    return response


@app.after_request
def fixed_origin(response):
    response.headers["Access-Control-Allow-Origin"] = "https://app.example.com"
    response.headers["X-Seen-Origin"] = request.headers.get("Origin", "none")
    response.headers["Access-Control-Allow-Headers"] = request.headers.get("Access-Control-Request-Headers", "")
    return response
