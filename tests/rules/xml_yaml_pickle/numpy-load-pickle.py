import numpy
import numpy as np


def read(path):
    one = np.load(path, allow_pickle=True)  # finding
    two = numpy.load(path, mmap_mode="r", allow_pickle=True)  # finding
    return one, two


def read_well(path, choice):
    one = np.load(path)
    two = np.load(path, allow_pickle=False)
    three = np.load(path, allow_pickle=choice)
    np.save(path, one, allow_pickle=True)
    return one, two, three
