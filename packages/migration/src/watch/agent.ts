/** What a client calls itself, sorted into the families that differ in how they are moved. */

export type AgentFamily =
  | 'MSDRM'
  | 'MSIPC'
  | 'Office'
  | 'Mac'
  | 'mobile'
  | 'Exchange'
  | 'SharePoint'
  | 'FCI'
  | 'connector'
  | 'Sealward'
  | 'unknown'

export interface Agent {
  readonly family: AgentFamily
  /** Of the application, which decides the side of the registry that it reads. */
  readonly bits?: 32 | 64
  /** Program or application, as the client names it. */
  readonly application?: string
}

/** The first that fits: servers and platforms say more than the library that they share with others. */
const families: readonly (readonly [AgentFamily, RegExp])[] = [
  ['Sealward', /sealward/i],
  ['connector', /aadrm_s-1-7-0|rms ?connector|connector/i],
  ['Exchange', /exchange|edgetransport/i],
  ['SharePoint', /sharepoint|owstimer/i],
  ['FCI', /\bfci\b|fsrm|srmhost|file ?classification/i],
  ['Mac', /osname=mac|macintosh|mac ?os|darwin|rms-xpc/i],
  ['mobile', /\bios\b|iphone|ipad|android|windows ?phone|osname=winrt/i],
  ['MSIPC', /msipc/i],
  ['MSDRM', /msdrm|drmclient|\bdrm\//i],
  ['Office', /microsoft office|winword|excel|powerpnt|outlook|infopath|visio/i],
]

const unknown: Agent = { family: 'unknown' }
const textMost = 1_000
const cacheMost = 2_000
const cache = new Map<string, Agent>()

/**
 * ```ts
 * readAgent('MSIPC;version=1.0.623.47;AppName=WINWORD.EXE;AppArch=x86') // MSIPC, 32 bits, WINWORD.EXE
 * ```
 * @param mobile whether the request was one of the mobile protocol
 */
export function readAgent(text: string, mobile = false): Agent {
  const known = cache.get(text) ?? parseAgent(text.slice(0, textMost))
  if (cache.size < cacheMost) cache.set(text, known)
  return mobile && known.family === 'unknown' ? { ...known, family: 'mobile' } : known
}

function parseAgent(text: string): Agent {
  if (text.trim() === '') return unknown
  const family = families.find(([, form]) => form.test(text))?.[0] ?? 'unknown'
  const bits = bitsOf(text)
  const application = /AppName=([^;]{1,80})/i.exec(text)?.[1]?.trim()
  return {
    family,
    ...(bits === undefined ? {} : { bits }),
    ...(application === undefined ? {} : { application }),
  }
}

function bitsOf(text: string): 32 | 64 | undefined {
  const architecture = /AppArch=(\w+)/i.exec(text)?.[1]?.toLowerCase()
  if (architecture !== undefined) return architecture.endsWith('64') ? 64 : 32
  if (/wow64|\bx86\b|32-bit/i.test(text)) return 32
  return /win64|\bx64\b|amd64|64-bit/i.test(text) ? 64 : undefined
}

/** One word for tables: `MSIPC 32 WINWORD.EXE`. */
export function agentName({ family, bits, application }: Agent): string {
  return [family, bits, application].filter((part) => part !== undefined).join(' ')
}
