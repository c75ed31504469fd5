/** Names, texts and application data of callers: only what XML carries unchanged, and not more than the field allows. */
import { RightsError, type ApplicationDatum } from '@sealward/xrml'

const nameLengthMost = 256

/** Text that survives every XML reader: no control characters but tab and line feed, no half characters. */
const carried = /^[\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u

/**
 * @param lengthMost characters of all application data of one licence
 * @throws RightsError `policy-refused`
 */
export function applicationData(data: ReadonlyMap<string, string>, lengthMost: number): readonly ApplicationDatum[] {
  const list = [...data].map(([name, value]) => ({ name, value }))
  const length = list.reduce((total, { name, value }) => total + name.length + value.length, 0)
  if (length > lengthMost) throw refused('the application data is too long')
  for (const { name, value } of list) {
    const nameFits = name !== '' && name.length <= nameLengthMost && !/[\t\n]/.test(name) && carried.test(name)
    if (!nameFits || !carried.test(value)) throw refused('the application data cannot be carried by a licence')
  }
  return list
}

/** One line of text for a name or description; the form of descriptors has no way to write a semicolon. */
export function descriptorText(text: string): string {
  const line = text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .replaceAll(';', ',')
    .replaceAll(':DESCRIPTION ', ' ')
    .trim()
  if (!carried.test(line) || line.length > 1024) throw refused('a name or description')
  return line
}

/** @throws RightsError `policy-refused` */
export function referralText(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined
  if (text.length > 2048 || /\s/.test(text) || !carried.test(text)) throw refused('the referral address')
  return text
}

function refused(detail: string): RightsError {
  return new RightsError('policy-refused', { detail })
}
