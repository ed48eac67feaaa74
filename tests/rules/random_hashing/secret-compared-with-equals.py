import hmac
import secrets


def allowed(request, settings, api_key, signature, expected_signature):
    if api_key == settings.API_KEY:  # finding
        return True
    if request.headers["X-Token"] != settings.ACCESS_TOKEN:  # finding
        return False
    return signature == expected_signature  # finding


def allowed_well(request, settings, api_key, token_type, auth_token):
    if api_key is None or api_key == "" or auth_token == None:
        return False
    if token_type == "Bearer" and request.keyboard == settings.keyboard:
        return secrets.compare_digest(api_key, settings.API_KEY)
    return hmac.compare_digest(request.headers["X-Signature"], settings.SIGNATURE)


class Signed:
    def __eq__(self, other):
        return self.signature == other.signature


def decode(options, verify_signature):
    return options.verify != verify_signature
