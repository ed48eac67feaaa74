import socket
from http.server import BaseHTTPRequestHandler, HTTPServer

import uvicorn


def serve(app):
    server = socket.socket()
    server.bind(("0.0.0.0", 8000))  # finding
    server.bind(("", 8000))  # finding
    HTTPServer(("0.0.0.0", 8000), BaseHTTPRequestHandler).serve_forever()  # finding
    uvicorn.run(app, host="0.0.0.0", port=8000)  # finding


def serve_well(app, host):
    server = socket.socket()
    server.bind(("127.0.0.1", 8000))
    server.bind((host, 8000))
    uvicorn.run(app, host="127.0.0.1", port=8000)
    return "0.0.0.0" in app.allowed
