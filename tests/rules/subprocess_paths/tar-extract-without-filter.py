import os
import tarfile
import zipfile


def bad(path, folder):
    with tarfile.open(path) as tar:
        tar.extractall(folder)  # finding
    tar = tarfile.open(path, "r:gz")
    tar.extractall(path=folder)  # finding
    tar.close()
    tarfile.open(path).extractall()  # finding
    with tarfile.open(path) as tar:
        tar.extractall(folder, filter="fully_trusted")  # finding


def bad_member(tar: tarfile.TarFile, folder):
    tar.extractall(folder)  # finding


def good(path, folder, wanted):
    with tarfile.open(path) as tar:
        tar.extractall(folder, filter="data")
    with tarfile.open(path) as tar:
        tar.extractall(folder, filter=tarfile.tar_filter)
    with tarfile.open(path) as tar:
        tar.extractall(folder, members=wanted(tar))
    with tarfile.open(path) as tar:
        tar.extractall(folder, filter=wanted)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)


def good_checked(path, folder):
    with tarfile.open(path) as tar:
        for member in tar.getmembers():
            if not os.path.realpath(os.path.join(folder, member.name)).startswith(folder):
                raise ValueError(member.name)
        tar.extractall(folder)
