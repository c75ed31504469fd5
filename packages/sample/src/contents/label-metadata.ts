/** The XMP packet that file clients put in clear text beside the content: which sensitivity label it has. */
import { element, textElement } from '@sealward/xrml'

const label = 'http://www.microsoft.com/msip/label/1.0/'

/** @param id label GUID without braces */
export function writeLabelMetadata(id: string, name: string): Uint8Array {
  const resource = element(
    'rdf:li',
    { 'rdf:parseType': 'Resource' },
    field('Id', id),
    field('Name', name),
    field('Enabled', 'True'),
    field('SetDate', '2016-03-14T09:00:00Z'),
    field('Application', 'Lakeside file protection'),
  )
  const description = element(
    'rdf:Description',
    { 'rdf:about': '', 'xmlns:msip': 'http://www.microsoft.com/msip/1.0/', 'xmlns:msip-label': label },
    element('msip:labels', {}, element('rdf:Bag', {}, resource)),
  )
  const packet = element(
    'x:xmpmeta',
    { 'xmlns:x': 'adobe:ns:meta/' },
    element('rdf:RDF', { 'xmlns:rdf': 'http://www.w3.org/1999/02/22-rdf-syntax-ns#' }, description),
  )
  const begin = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
  // Room for a reader to change the packet in place, as XMP recommends.
  const room = `${' '.repeat(99)}\n`.repeat(20)
  return Buffer.from(`${begin}${packet}\n${room}<?xpacket end="w"?>`)
}

function field(key: string, value: string): string {
  return textElement(`msip-label:${key}`, {}, value)
}
