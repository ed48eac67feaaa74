import yaml
from yaml import CLoader, load


class ProjectLoader(yaml.SafeLoader):
    pass


def read(text):
    one = yaml.load(text)  # finding
    two = yaml.load(text, Loader=yaml.Loader)  # finding
    three = yaml.load(text, yaml.UnsafeLoader)  # finding
    four = yaml.unsafe_load(text)  # finding
    five = list(yaml.load_all(text, Loader=yaml.UnsafeLoader))  # finding
    return one, two, three, four, five, load(text, Loader=CLoader)  # finding


def read_well(text, loader):
    one = yaml.safe_load(text)
    two = yaml.load(text, Loader=yaml.SafeLoader)
    three = yaml.load(text, Loader=yaml.CSafeLoader)
    four = yaml.load(text, Loader=ProjectLoader)
    five = yaml.load(text, loader)
    six = yaml.load("key: value")
    return one, two, three, four, five, six
