from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils.html import escape, format_html

COLOURS = {"red", "blue"}


def hello(request):
    name = request.GET.get("name", "you")
    return HttpResponse(f"<h1>Hello {name}</h1>")  # finding


def user(request, name):
    return HttpResponse("<h1>User %s</h1>" % name)  # finding


def search(request):
    if not request.POST["q"]:
        return HttpResponseBadRequest("empty")
    page = "<p>Nothing found for " + request.POST["q"] + "</p>"
    return HttpResponse(page)  # finding


def echo(request):
    return HttpResponse(request.GET["q"])  # finding


def missing(request):
    return HttpResponseBadRequest("No page {}".format(request.path))  # finding


def safe_hello(request):
    name = request.GET.get("name", "you")
    return HttpResponse(f"<h1>Hello {escape(name)}</h1>")


def safe_format(request):
    return HttpResponse(format_html("<h1>{}</h1>", request.GET["name"]))


def safe_render(request):
    return render(request, "hello.html", {"name": request.GET["name"]})


def safe_template(request):
    template = loader.get_template("hello.html")
    return HttpResponse(template.render({"name": request.GET["name"]}, request))


def safe_text(request):
    return HttpResponse(request.GET["q"], content_type="text/plain")


def safe_json(request):
    return JsonResponse({"name": request.GET["name"]})


def safe_number(request):
    return HttpResponse(f"<p>{int(request.GET['page'])}</p>")


def safe_colour(request):
    colour = request.GET["colour"]
    if colour not in COLOURS:
        return HttpResponseBadRequest("unknown colour")
    return HttpResponse(f"<body class='{colour}'></body>")


def safe_detail(request, number):
    return HttpResponse(f"<p>{number}</p>")
