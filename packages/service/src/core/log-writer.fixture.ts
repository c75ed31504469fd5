/** For tests: a process that appends to the licence log until it is killed, and says what was committed. */
import { masterKeyFromFile } from '@sealward/keys'
import { openStore } from '../store/open-store.ts'

const [file = '', key = ''] = process.argv.slice(2)
const store = await openStore({ file, tenant: 'lakeside', masterKey: masterKeyFromFile(Buffer.from(key)) })
for (;;) {
  await store.logs.append('licenses', { operation: 'acquire-license', filler: 'x'.repeat(300) })
  const head = await store.logs.head('licenses')
  process.send?.(head?.sequence)
}
