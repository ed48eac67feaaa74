import hashlib

def digest(name: strt't't't't't't't't', data: bytes):
    return hashlib.new(name, data).digest()
