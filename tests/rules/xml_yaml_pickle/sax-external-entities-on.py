import xml.sax
from xml.sax.handler import feature_external_ges, feature_external_pes, feature_namespaces


def reader():
    parser = xml.sax.make_parser()
    parser.setFeature(xml.sax.handler.feature_external_ges, True)  # finding
    parser.setFeature(feature_external_pes, 1)  # finding
    parser.setFeature("http://xml.org/sax/features/external-general-entities", True)  # finding
    return parser


def good_reader(choice):
    parser = xml.sax.make_parser()
    parser.setFeature(feature_external_ges, False)
    parser.setFeature(feature_namespaces, True)
    parser.setFeature(feature_external_pes, choice)
    return parser
