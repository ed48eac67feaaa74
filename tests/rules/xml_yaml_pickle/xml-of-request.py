import xml.etree.ElementTree as ET
from xml.dom import minidom

import defusedxml.ElementTree
from flask import request
from lxml import etree


def upload():
    one = etree.fromstring(request.data)  # finding
    body = request.get_data()
    two = ET.fromstring(body)  # finding
    three = minidom.parseString(request.data.decode())  # finding
    four = etree.fromstring(request.form["order"])  # finding
    return one, two, three, four


def good_upload(path):
    one = defusedxml.ElementTree.fromstring(request.data)
    two = ET.parse(path)
    parser = etree.XMLParser(resolve_entities=False)
    three = etree.fromstring(request.data, parser)
    return one, two, three
