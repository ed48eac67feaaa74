import os
import shutil
import zipfile
from pathlib import Path


def bad(path, folder):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            with open(os.path.join(folder, name), "wb") as out:  # finding
                out.write(archive.read(name))
        for member in archive.infolist():
            target = os.path.join(folder, member.filename)
            with archive.open(member) as source, open(target, "wb") as out:  # finding
                shutil.copyfileobj(source, out)
        for name in archive.namelist():
            with open(f"{folder}/{name}", "wb") as out:  # finding
                out.write(archive.read(name))


def good(path, folder):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            archive.extract(name, folder)
        for name in archive.namelist():
            with open(os.path.join(folder, os.path.basename(name)), "wb") as out:
                out.write(archive.read(name))
        for name in archive.namelist():
            target = os.path.realpath(os.path.join(folder, name))
            if not target.startswith(os.path.realpath(folder) + os.sep):
                raise ValueError(name)
            with open(target, "wb") as out:
                out.write(archive.read(name))
        for name in archive.namelist():
            place = (Path(folder) / name).resolve()
            if not place.is_relative_to(folder):
                continue
            with open(place, "wb") as out:
                out.write(archive.read(name))


def read_only(path, folder):
    with zipfile.ZipFile(path) as archive:
        return [open(os.path.join(folder, name), "rb").read() for name in archive.namelist()]
