import lxml.etree
from lxml import etree, objectify


def parse(body):
    one = etree.fromstring(body, etree.XMLParser(resolve_entities=True))  # finding
    two = lxml.etree.XMLParser(no_network=False)  # finding
    three = etree.XMLParser(load_dtd=True)  # finding
    four = objectify.makeparser(resolve_entities=True)  # finding
    return one, two, three, four


def parse_well(body, choice):
    one = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    two = etree.XMLParser(resolve_entities=False, load_dtd=True)
    three = etree.XMLParser(remove_blank_text=True)
    four = etree.XMLParser(resolve_entities=choice)
    return one, two, three, four
