/** `README.txt` of a sample: what lies where, and that none of it is worth protecting. */
import { archivedKeyNames } from '../authorities/clusters.ts'
import type { SampleOrganisation } from '../organisation.ts'

const archivedKeys = {
  ferries: `                ferries: a key that rms keeps archived, of a company that was taken over (Mode 2)
`,
  'legal-old': `                legal-old: a key that legal keeps archived, of its time in Mode 1
`,
}

export function writeReadMe(documents: number, { clusters }: SampleOrganisation): string {
  const archived = archivedKeyNames.map((name) => (clusters[name] === undefined ? '' : archivedKeys[name])).join('')
  return `This folder is a sample made by Sealward. The organisation in it, Lakeside, is invented, and so are its
people, keys and documents. Every sample has keys of its own. Nothing here protects anything: the
passwords lie beside what they open. Use it to try commands and to learn what their results look like,
then delete it.

tpd/            exports of three clusters: rms-old (Cryptographic Mode 1), rms (Mode 2, its successor at
                the same address) and legal (licensing only). A fourth cluster, plant, was never exported.
${archived}tpd/passwords/  the password of each export, in the first line
roots/          the two root keys to trust: modulus big-endian in base64, fingerprint = SHA-256 of it
directory.json  people and groups for the service's local directory
people.txt      their log-in names and passwords
documents/      ${documents} files: protected by several people between 2009 and 2024, and some that are
                damaged, changed, expired or not protected at all
expected.json   what a rehearsal must find for each of them, and who may open it with which rights
`
}
