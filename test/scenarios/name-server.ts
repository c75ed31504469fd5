/** A name server on loopback with service records only (RFC 2782): what is not in its zone does not exist. */
import { createSocket } from 'node:dgram'

export interface NameServer {
  /** `host:port`, as plans name it. */
  readonly address: string
  /** Names with service records, in lower case; may be changed at any time. */
  readonly zone: Set<string>
  /** Names with records of their own; in lower case, to be changed at any time. */
  readonly records: Map<string, readonly ServiceRecord[]>
  /** What was asked for, in lower case. */
  readonly asked: string[]
  close(): void
}

export interface ServiceRecord {
  readonly target: string
  readonly port: number
  /** Default 0. */
  readonly priority?: number
}

const headerBytes = 12
/** What names of the zone point at. */
const usualRecord: ServiceRecord = { target: 'rms.lakeside.example', port: 80 }
const srv = 33

export async function startNameServer(): Promise<NameServer> {
  const zone = new Set<string>()
  const records = new Map<string, readonly ServiceRecord[]>()
  const asked: string[] = []
  const lookUp = (name: string): readonly ServiceRecord[] => {
    asked.push(name)
    return records.get(name) ?? (zone.has(name) ? [usualRecord] : [])
  }
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => socket.send(answer(query, lookUp), port, address))
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const { port } = socket.address()
  return { address: `127.0.0.1:${port}`, zone, records, asked, close: () => void socket.close() }
}

/** RFC 1035, 4.1: the question comes back, and after it the records or the word that the name does not exist. */
function answer(query: Buffer, lookUp: (name: string) => readonly ServiceRecord[]): Buffer {
  const labels: string[] = []
  let at = headerBytes
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  const question = query.subarray(headerBytes, at + 5)
  const found = query.readUInt16BE(at + 1) === srv ? lookUp(labels.join('.').toLowerCase()) : []
  const header = Buffer.alloc(headerBytes)
  query.copy(header, 0, 0, 2)
  header.writeUInt16BE(found.length > 0 ? 0x8580 : 0x8583, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(found.length, 6)
  return Buffer.concat([header, question, ...found.map(serviceRecord)])
}

/** Points at the name of the question: a minute, weight 0. */
function serviceRecord({ target, port, priority = 0 }: ServiceRecord): Buffer {
  const name = Buffer.concat(
    [...target.split('.'), ''].map((label) => Buffer.from(`${String.fromCodePoint(label.length)}${label}`)),
  )
  const record = Buffer.alloc(18)
  record.writeUInt16BE(0xc0_0c, 0)
  record.writeUInt16BE(srv, 2)
  record.writeUInt16BE(1, 4)
  record.writeUInt32BE(60, 6)
  record.writeUInt16BE(6 + name.length, 10)
  record.writeUInt16BE(priority, 12)
  record.writeUInt16BE(port, 16)
  return Buffer.concat([record, name])
}
