from multiprocessing.connection import Client, Listener
from multiprocessing.managers import BaseManager


def serve(port):
    one = Listener(("0.0.0.0", port))  # finding
    two = Listener(address=("127.0.0.1", 6000), backlog=5)  # finding
    three = BaseManager(address=("", 50000))  # finding
    return one, two, three


def serve_well(port, key):
    one = Listener(("127.0.0.1", port), authkey=key)
    two = Listener("/run/app/socket")
    three = BaseManager(address=("", 50000), authkey=key)
    four = Client(("127.0.0.1", port))
    return one, two, three, four
