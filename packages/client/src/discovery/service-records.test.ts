import assert from 'node:assert/strict'
import { createSocket, type Socket } from 'node:dgram'
import { after, before, test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import { findServiceRecord } from './service-records.ts'

/** What the name server answers: the response code of RFC 1035. */
const noSuchName = 3
const serverFailure = 2
let socket: Socket
let code = noSuchName
before(async () => {
  socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => {
    const answer = Buffer.from(query)
    answer.writeUInt16BE(0x81_80 | code, 2)
    socket.send(answer, port, address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
})
after(() => socket.close())

const nameServers = () => ({ servers: [`127.0.0.1:${socket.address().port}`] })

const climbs: readonly (readonly [domain: string, ...below: string[]])[] = [
  ['lakeside.example', 'lakeside.example'],
  ['EU.Sales.Lakeside.Example.', 'eu.sales.lakeside.example', 'sales.lakeside.example', 'lakeside.example'],
  ['b\u00fccher.example', 'xn--bcher-kva.example'],
  ['rms'],
  ['10.0.0.1'],
  ['[::1]'],
  [''],
  ['-x.example'],
  ['a..example'],
  ['a b.example'],
  [`${'x'.repeat(64)}.example`],
  [`${'x.'.repeat(130)}example`],
]
for (const [domain, ...below] of climbs) {
  test(`from ${JSON.stringify(domain.slice(0, 40))} up to two labels`, async () => {
    code = noSuchName
    assert.deepEqual(await findServiceRecord(domain, nameServers()), {
      asked: below.map((each) => `_rmsdisco._http._tcp.${each}`),
    })
  })
}

test('a name server that fails has not said that there is no record: nobody climbs on', async () => {
  code = serverFailure
  await assert.rejects(findServiceRecord('eu.lakeside.example', nameServers()), (error) =>
    isRightsError(error, 'name-server-unavailable'),
  )
})

test('a name server that is no address is refused', async () => {
  await assert.rejects(findServiceRecord('lakeside.example', { servers: ['dns.example'] }), (error) =>
    isRightsError(error, 'name-server-unavailable'),
  )
})
