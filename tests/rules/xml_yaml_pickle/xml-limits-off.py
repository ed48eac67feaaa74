from lxml import etree, objectify


def parse(body):
    one = etree.fromstring(body, etree.XMLParser(huge_tree=True, resolve_entities=False))  # finding
    two = objectify.makeparser(huge_tree=True)  # finding
    return one, two


def parse_well(body, huge):
    one = etree.fromstring(body, etree.XMLParser(resolve_entities=False))
    two = etree.XMLParser(huge_tree=False)
    three = etree.XMLParser(huge_tree=huge)
    return one, two, three
