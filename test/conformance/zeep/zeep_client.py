"""A SOAP client in another language: zeep, told what to call by JSON on standard input.

One call per line: description (path or URL), operation, address, soap ("1.1" or "1.2"), parameters, versionData (markup or
null) and authorization (header or null). In parameters {"$xml": markup} is an element. One answer per line: status,
contentType and text as they came, fault (its message as zeep read it) and either parsed, or error. A call that the
description does not allow is answered with inexpressible and is not sent.
"""
import json
import sys

import requests
from lxml import etree
from zeep import Client, Settings
from zeep.exceptions import Fault, ValidationError
from zeep.transports import Transport
from zeep.wsdl.bindings.soap import Soap11Binding, Soap12Binding

BINDINGS = {"1.1": Soap11Binding, "1.2": Soap12Binding}
SECONDS = 60


class RecordingTransport(Transport):
    """Adds credentials, and keeps the last answer as it came."""

    def __init__(self):
        session = requests.Session()
        # Neither proxies nor credentials of whoever runs the tests.
        session.trust_env = False
        super().__init__(session=session, timeout=SECONDS, operation_timeout=SECONDS)
        self.authorization = None
        self.response = None

    def post(self, address, message, headers):
        if self.authorization is not None:
            headers = {**headers, "Authorization": self.authorization}
        self.response = super().post(address, message, headers)
        return self.response


class Calls:
    def __init__(self):
        self.transport = RecordingTransport()
        self.clients = {}

    def client(self, description):
        if description not in self.clients:
            settings = Settings(strict=True, xml_huge_tree=True)
            self.clients[description] = Client(description, transport=self.transport, settings=settings)
        return self.clients[description]

    def service(self, call):
        client = self.client(call["description"])
        for name, binding in client.wsdl.bindings.items():
            # The bindings for plain HTTP requests and for the other version of SOAP are not meant.
            if type(binding) is BINDINGS[call["soap"]]:
                return client.create_service(name, call["address"])
        raise LookupError("no binding of SOAP " + call["soap"])

    def answer(self, call):
        self.transport.authorization = call.get("authorization")
        self.transport.response = None
        header = call.get("versionData")
        headers = [] if header is None else [etree.fromstring(header)]
        try:
            operation = self.service(call)[call["operation"]]
            operation(**values(call["parameters"]), _soapheaders=headers)
            return self.received(parsed=True)
        except Fault as fault:
            return self.received(parsed=True, fault=fault.message)
        except (ValidationError, TypeError, ValueError) as error:
            if self.transport.response is None:
                return {"inexpressible": str(error)}
            return self.received(error=repr(error))
        except Exception as error:
            return self.received(error=repr(error))

    def received(self, **more):
        response = self.transport.response
        if response is None:
            return more
        kind = response.headers.get("content-type", "")
        text = response.content.decode("utf-8", "replace")
        return {"status": response.status_code, "contentType": kind, "text": text, **more}


def values(parameter):
    """JSON as zeep takes it; markup becomes an element."""
    if isinstance(parameter, list):
        return [values(item) for item in parameter]
    if not isinstance(parameter, dict):
        return parameter
    if "$xml" in parameter:
        return {"_value_1": etree.fromstring(parameter["$xml"], etree.XMLParser(huge_tree=True))}
    return {name: values(value) for name, value in parameter.items()}


def main():
    calls = Calls()
    for line in sys.stdin:
        print(json.dumps(calls.answer(json.loads(line))), flush=True)


main()
