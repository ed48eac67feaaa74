import socket
import ssl
from ssl import wrap_socket


def connect(host):
    sock = socket.create_connection((host, 443))
    one = ssl.wrap_socket(sock)  # finding
    two = ssl.wrap_socket(sock, cert_reqs=ssl.CERT_NONE)  # finding
    return one, two, wrap_socket(sock, keyfile=None)  # finding


def connect_well(host, sock):
    context = ssl.create_default_context()
    one = context.wrap_socket(sock, server_hostname=host)
    two = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    three = ssl.wrap_socket(sock, server_side=True, certfile="server.pem")
    four = ssl.wrap_socket(sock, cert_reqs=ssl.CERT_REQUIRED, ca_certs="ca.pem")
    return one, two, three, four
