from urllib.parse import urlparse

from django.http import HttpResponseRedirect
from django.shortcuts import redirect as django_redirect
from django.utils.http import url_has_allowed_host_and_scheme
from flask import Flask, abort, redirect, request, session, url_for

app = Flask(__name__)
PAGES = {"home": "/", "help": "/help"}


@app.get("/login")
def login():
    target = request.args.get("next") or "/"
    return redirect(target)  # finding


@app.get("/back")
def back():
    return redirect(request.referrer)  # finding


@app.post("/go")
def go():
    return redirect(request.form["url"], code=303)  # finding


def django_login(request):
    return HttpResponseRedirect(request.GET["next"])  # finding


def django_logout(request):
    target = request.POST.get("next", "/")
    return django_redirect(target)  # finding


@app.get("/safe/view")
def safe_view():
    return redirect(url_for("show", item=request.args["item"]))


@app.get("/safe/page")
def safe_page():
    return redirect(PAGES[request.args["page"]])


@app.get("/safe/host")
def safe_host():
    target = request.args["next"]
    if urlparse(target).netloc not in {"", "app.example.com"}:
        abort(400)
    return redirect(target)


@app.get("/safe/list")
def safe_list():
    target = request.args["next"]
    if target in ("/", "/help"):
        return redirect(target)
    return redirect("/")


@app.get("/safe/session")
def safe_session():
    return redirect(session["next"])


def safe_django(request):
    target = request.GET.get("next", "/")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return HttpResponseRedirect(target)
    return HttpResponseRedirect("/")


def safe_django_early(request):
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    return HttpResponseRedirect(target)
