import hashlib
import hmac


def check(key, body, sent, request):
    if hmac.new(key, body, hashlib.sha256).hexdigest() == sent:  # finding
        return True
    expected = hmac.new(key, body, "sha256").hexdigest()
    if expected != request.headers["X-Signature"]:  # finding
        return False
    mac = hmac.new(key, body, "sha256")
    computed = "sha256=" + mac.hexdigest()
    return sent == computed  # finding


def check_well(key, body, sent):
    expected = hmac.new(key, body, hashlib.sha256).hexdigest()
    if expected is None or len(expected) != len(sent):
        return False
    if sent == "":
        return False
    checksum = hashlib.sha256(body).hexdigest()
    return hmac.compare_digest(expected, sent) and checksum == "0" * 64
