import ssl
from ssl import SSLContext

from OpenSSL import SSL


def contexts(pool, sock):
    one = ssl.SSLContext(ssl.PROTOCOL_TLSv1)  # finding
    two = SSLContext(protocol=ssl.PROTOCOL_SSLv3)  # finding
    three = ssl.wrap_socket(sock, ssl_version=ssl.PROTOCOL_TLSv1_1)  # finding
    four = SSL.Context(SSL.SSLv3_METHOD)  # finding
    five = ssl.create_default_context()
    five.minimum_version = ssl.TLSVersion.TLSv1  # finding
    return one, two, three, four, five


def connect(host, version=ssl.PROTOCOL_SSLv3):  # finding
    return host, version


def good_contexts(pool, version):
    one = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    two = ssl.create_default_context()
    two.minimum_version = ssl.TLSVersion.TLSv1_2
    three = SSL.Context(SSL.TLS_METHOD)
    four = pool(ssl_version=version)
    names = {"tls1": ssl.PROTOCOL_TLSv1}
    five = ssl.SSLContext(ssl.PROTOCOL_TLSv1_2)
    return one, two, three, four, names, five
