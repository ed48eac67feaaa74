import hashlib
import hmac


def macs(key, body):
    one = hmac.new(key, body, hashlib.md5).hexdigest()  # finding
    two = hmac.new(key, body, digestmod=hashlib.sha1)  # finding
    three = hmac.new(key, msg=body, digestmod="md5")  # finding
    four = hmac.new(key, body)  # finding
    return one, two, three, four


def good_macs(key, body, algorithm):
    one = hmac.new(key, body, hashlib.sha256).hexdigest()
    two = hmac.new(key, body, digestmod="sha512")
    three = hmac.new(key, body, algorithm)
    four = hmac.new(key, body, digestmod=hashlib.sha256)
    return one, two, three, four
