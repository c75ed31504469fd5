/**
 * The description of a service (WSDL 1.1), from which other people's tools generate clients: the operations of the
 * table, bound to SOAP 1.1, and to 1.2 where it is spoken, at one address.
 */
import { element } from '@sealward/xrml'
import { atMostOnce, type Content, type Member } from './message-shape.ts'
import { actionOf } from './operation.ts'
import { soapOperationNames, soapOperations, type SoapOperationName } from './operations.ts'
import { serviceNamespace, type SoapService } from './service.ts'

const httpTransport = 'http://schemas.xmlsoap.org/soap/http'

/** Prefixes of the two bindings, and how their ports are called. */
const bindings = [
  { prefix: 'soap', suffix: 'Soap' },
  { prefix: 'soap12', suffix: 'Soap12' },
] as const

type Binding = (typeof bindings)[number]

/** @param location the address that calls go to */
export function writeServiceDescription(service: SoapService, location: string): string {
  const namespace = serviceNamespace(service)
  const names = soapOperationNames.filter((name) => soapOperations[name].service === service)
  const spoken = names.some((name) => soapOperations[name].firstSoapOnly === true) ? bindings.slice(0, 1) : bindings
  const description = element(
    'wsdl:definitions',
    {
      'xmlns:wsdl': 'http://schemas.xmlsoap.org/wsdl/',
      'xmlns:soap': 'http://schemas.xmlsoap.org/wsdl/soap/',
      'xmlns:soap12': 'http://schemas.xmlsoap.org/wsdl/soap12/',
      'xmlns:s': 'http://www.w3.org/2001/XMLSchema',
      'xmlns:tns': namespace,
      targetNamespace: namespace,
    },
    element('wsdl:types', {}, schemaOf(namespace, names)),
    ...names.flatMap(messagesOf),
    portTypeOf(service, names),
    ...spoken.map((binding) => bindingOf(service, binding, names)),
    portsOf(service, location, spoken),
  )
  return `<?xml version="1.0" encoding="utf-8"?>\n${description}`
}

const versionMembers = [atMostOnce('MinimumVersion', 'string'), atMostOnce('MaximumVersion', 'string')]

function schemaOf(namespace: string, names: readonly SoapOperationName[]): string {
  const versionData = [sequenceOf(versionMembers), element('s:anyAttribute')]
  return element(
    's:schema',
    { elementFormDefault: 'qualified', targetNamespace: namespace },
    ...names.flatMap((name) => {
      const { call, answer } = soapOperations[name].shape
      return [
        element('s:element', { name }, typeOf(call)),
        element('s:element', { name: `${name}Response` }, typeOf(answer)),
      ]
    }),
    element('s:element', { name: 'VersionData' }, element('s:complexType', {}, ...versionData)),
  )
}

const limits = {
  once: { minOccurs: '1', maxOccurs: '1' },
  'at-most-once': { minOccurs: '0', maxOccurs: '1' },
  'any-number': { minOccurs: '0', maxOccurs: 'unbounded' },
} as const

function memberOf({ name, content, occurs }: Member): string {
  const nillable = occurs === 'any-number' ? 'true' : undefined
  return typeof content === 'string' && content !== 'markup'
    ? element('s:element', { ...limits[occurs], name, nillable, type: `s:${content}` })
    : element('s:element', { ...limits[occurs], name, nillable }, typeOf(content))
}

function typeOf(content: Content): string {
  if (content === 'markup') {
    return element('s:complexType', { mixed: 'true' }, element('s:sequence', {}, element('s:any')))
  }
  if (typeof content === 'string')
    return element('s:simpleType', {}, element('s:restriction', { base: `s:${content}` }))
  if ('words' in content) {
    const words = content.words.map((value) => element('s:enumeration', { value }))
    return element('s:simpleType', {}, element('s:restriction', { base: 's:string' }, ...words))
  }
  return element('s:complexType', {}, content.length === 0 ? undefined : sequenceOf(content))
}

function sequenceOf(members: readonly Member[]): string {
  return element('s:sequence', {}, ...members.map(memberOf))
}

function messagesOf(name: SoapOperationName): readonly string[] {
  const message = (suffix: string, part: string, type: string): string =>
    element('wsdl:message', { name: `${name}${suffix}` }, element('wsdl:part', { name: part, element: `tns:${type}` }))
  return [
    message('SoapIn', 'parameters', name),
    message('SoapOut', 'parameters', `${name}Response`),
    ...(soapOperations[name].withoutVersionData === true ? [] : [message('VersionData', 'VersionData', 'VersionData')]),
  ]
}

function portTypeOf(service: SoapService, names: readonly SoapOperationName[]): string {
  return element(
    'wsdl:portType',
    { name: `${service}Soap` },
    ...names.map((name) =>
      element(
        'wsdl:operation',
        { name },
        element('wsdl:input', { message: `tns:${name}SoapIn` }),
        element('wsdl:output', { message: `tns:${name}SoapOut` }),
      ),
    ),
  )
}

function bindingOf(service: SoapService, { prefix, suffix }: Binding, names: readonly SoapOperationName[]): string {
  return element(
    'wsdl:binding',
    { name: `${service}${suffix}`, type: `tns:${service}Soap` },
    element(`${prefix}:binding`, { transport: httpTransport }),
    ...names.map((name) => {
      const operation = soapOperations[name]
      const message = `tns:${name}VersionData`
      const parts = [
        element(`${prefix}:body`, { use: 'literal' }),
        operation.withoutVersionData === true
          ? undefined
          : element(`${prefix}:header`, { message, part: 'VersionData', use: 'literal' }),
      ]
      return element(
        'wsdl:operation',
        { name },
        element(`${prefix}:operation`, { soapAction: actionOf(operation), style: 'document' }),
        element('wsdl:input', {}, ...parts),
        element('wsdl:output', {}, ...parts),
      )
    }),
  )
}

function portsOf(service: SoapService, location: string, spoken: readonly Binding[]): string {
  return element(
    'wsdl:service',
    { name: service },
    ...spoken.map(({ prefix, suffix }) =>
      element(
        'wsdl:port',
        { name: `${service}${suffix}`, binding: `tns:${service}${suffix}` },
        element(`${prefix}:address`, { location }),
      ),
    ),
  )
}
