from flask import Flask, request

from shop.schemas import Login
from shop.store import users

app = Flask(__name__)


@app.post("/login")
def login():
    body = request.get_json()
    user = users.find_one({"name": body["name"], "password": body["password"]})  # finding
    other = users.find_one({"name": request.json["name"]})  # finding
    return {"user": user, "other": other}


@app.post("/search")
def search():
    return {"users": list(users.find(request.json))}  # finding


@app.delete("/users")
def delete():
    users.delete_many({"name": request.json.get("name")})  # finding
    return {}


@app.post("/safe/login")
def safe_login():
    body = request.get_json()
    user = users.find_one({"name": str(body["name"])})
    other = users.find_one({"name": request.form["name"]})
    checked = Login(**body)
    third = users.find_one({"name": checked.name})
    users.insert_one({"name": body["name"]})
    return {"user": user, "other": other, "third": third, "echo": {"name": body["name"]}}
