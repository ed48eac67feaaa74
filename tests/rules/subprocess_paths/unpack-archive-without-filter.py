import shutil
from shutil import unpack_archive


def bad(upload, folder):
    shutil.unpack_archive(upload, folder)  # finding
    shutil.unpack_archive(upload, extract_dir=folder, format="gztar")  # finding
    unpack_archive(upload)  # finding


def good(upload, folder):
    shutil.unpack_archive(upload, folder, filter="data")
    shutil.unpack_archive(upload, folder, format="zip")
    shutil.unpack_archive(upload, folder, "zip")
    shutil.unpack_archive("assets/fonts.tar.gz", folder)
    shutil.make_archive(upload, "gztar", folder)
