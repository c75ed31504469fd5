/** Lists of exact texts in one column, as JSON. */
import { RightsError } from '@sealward/xrml'

export function writeTexts(texts: readonly string[]): string {
  return JSON.stringify(texts)
}

/** @throws RightsError `store-refused` */
export function readTexts(column: string): readonly string[] {
  const value: unknown = JSON.parse(column)
  if (!Array.isArray(value) || !value.every((text) => typeof text === 'string')) throw new RightsError('store-refused')
  return value
}
