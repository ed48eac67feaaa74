import ruamel.yaml
from ruamel.yaml import YAML


def read(text):
    one = YAML(typ="unsafe").load(text)  # finding
    two = ruamel.yaml.load(text)  # finding
    three = ruamel.yaml.load(text, Loader=ruamel.yaml.Loader)  # finding
    return one, two, three


def read_well(text):
    one = YAML(typ="safe").load(text)
    two = YAML().load(text)
    three = ruamel.yaml.load(text, Loader=ruamel.yaml.SafeLoader)
    four = YAML(typ="rt", pure=True)
    return one, two, three, four
