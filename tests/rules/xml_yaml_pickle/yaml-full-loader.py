import yaml


def read(text):
    one = yaml.load(text, Loader=yaml.FullLoader)  # finding
    two = yaml.full_load(text)  # finding
    three = yaml.load(text, yaml.FullLoader)  # finding
    return one, two, three


def read_well(text):
    one = yaml.safe_load(text)
    two = yaml.load(text, Loader=yaml.SafeLoader)
    three = yaml.load(text, Loader=yaml.BaseLoader)
    return one, two, three
