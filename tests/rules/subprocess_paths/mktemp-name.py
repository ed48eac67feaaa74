import tempfile
from tempfile import mkstemp, mktemp


def bad():
    one = tempfile.mktemp()  # finding
    two = tempfile.mktemp(suffix=".txt", dir="/srv")  # finding
    return one, two, mktemp(".txt")  # finding


def good():
    handle, path = tempfile.mkstemp(suffix=".txt")
    other = mkstemp()
    with tempfile.NamedTemporaryFile() as file, tempfile.TemporaryDirectory() as folder:
        return handle, path, other, file.name, folder
