from lxml import etree, objectify


def parse(body):
    one = etree.fromstring(body, etree.XMLParser())  # finding
    two = etree.XMLParser(remove_blank_text=True)  # finding
    three = objectify.makeparser(huge_tree=False)  # finding
    return one, two, three


def parse_well(body, options):
    one = etree.fromstring(body, etree.XMLParser(resolve_entities=False))
    two = etree.XMLParser(**options)
    three = etree.HTMLParser()
    return one, two, three
