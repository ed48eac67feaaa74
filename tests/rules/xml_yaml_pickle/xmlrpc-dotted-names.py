from xmlrpc.server import SimpleXMLRPCServer


def serve(service):
    server = SimpleXMLRPCServer(("127.0.0.1", 8000))
    server.register_instance(service, allow_dotted_names=True)  # finding
    server.register_instance(service, True)  # finding
    server.serve_forever()


def serve_well(service):
    server = SimpleXMLRPCServer(("127.0.0.1", 8000))
    server.register_function(service.status)
    server.register_instance(service)
    server.register_instance(service, allow_dotted_names=False)
    server.serve_forever()
