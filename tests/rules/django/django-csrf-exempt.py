import hmac

import stripe
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST


@csrf_exempt  # finding
def transfer(request):
    return HttpResponse(request.user.pay(request.POST["amount"]))


# finding
@require_POST
@csrf_exempt
def delete(request):
    return HttpResponse(request.user.delete())


@method_decorator(csrf_exempt, name="dispatch")  # finding
class Profile(View):
    def post(self, request):
        return HttpResponse(request.user.save())


class Settings(View):
    @method_decorator(csrf_exempt)  # finding
    def dispatch(self, *args, **kwargs):
        return super().dispatch(*args, **kwargs)


@csrf_protect
def protected(request):
    return HttpResponse(request.user.pay(request.POST["amount"]))


@csrf_exempt
@require_GET
def read(request):
    return HttpResponse("news")


@csrf_exempt
def webhook(request):
    if not hmac.compare_digest(request.headers["X-Signature"], sign(request.body)):
        return HttpResponse(status=403)
    return HttpResponse("ok")


@csrf_exempt
def stripe_webhook(request):
    event = stripe.Webhook.construct_event(request.body, request.headers["Stripe-Signature"], key())
    return HttpResponse(event.id)


def sign(body):
    return body


def key():
    return ""
