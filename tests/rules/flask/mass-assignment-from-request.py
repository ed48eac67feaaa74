from flask import Flask, request

from shop.models import Order, User, db
from shop.schemas import UserIn

app = Flask(__name__)
EDITABLE = {"name", "email"}


@app.post("/users")
def create():
    body = request.get_json()
    db.session.add(User(**body))  # finding
    user = User(**request.form)
    db.session.add(user)  # finding
    return {}


@app.patch("/users/<int:number>")
def update(number):
    user = db.session.get(User, number)
    for key, value in request.json.items():
        setattr(user, key, value)  # finding
    return {}


def django_create(request):
    return Order.objects.create(**request.POST.dict())  # finding


@app.post("/safe/users")
def safe_create():
    body = UserIn(**request.get_json())
    db.session.add(User(name=body.name, email=body.email))
    checked = request.get_json()
    db.session.add(User(name=checked["name"]))
    return {}


@app.patch("/safe/users/<int:number>")
def safe_update(number):
    user = db.session.get(User, number)
    for key, value in request.json.items():
        if key in EDITABLE:
            setattr(user, key, value)
    for key, value in UserIn(**request.json).dict().items():
        setattr(user, key, value)
    return {}


def safe_copy(source, target):
    for key, value in source.items():
        setattr(target, key, value)
