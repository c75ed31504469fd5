/** Windows language identifiers of language tags (MS-LCID 2.2), for the names that templates and policies carry. */

const lcids: Readonly<Record<string, number>> = {
  'ar-sa': 1025,
  'cs-cz': 1029,
  'da-dk': 1030,
  'de-at': 3079,
  'de-ch': 2055,
  'de-de': 1031,
  'el-gr': 1032,
  'en-gb': 2057,
  'en-us': 1033,
  'es-es': 3082,
  'fi-fi': 1035,
  'fr-ca': 3084,
  'fr-fr': 1036,
  'he-il': 1037,
  'hu-hu': 1038,
  'it-it': 1040,
  'ja-jp': 1041,
  'ko-kr': 1042,
  'nb-no': 1044,
  'nl-nl': 1043,
  'pl-pl': 1045,
  'pt-br': 1046,
  'pt-pt': 2070,
  'ru-ru': 1049,
  'sv-se': 1053,
  'tr-tr': 1055,
  'uk-ua': 1058,
  'zh-cn': 2052,
  'zh-tw': 1028,
}

/** The invariant language: for tags that have no identifier, such as the `C` of some clients. */
const invariant = 127

/** A tag without region gets the first region of its language. */
export function lcidOf(tag: string): number {
  const wanted = tag.toLowerCase().replaceAll('_', '-')
  const exact = lcids[wanted]
  if (exact !== undefined) return exact
  const [language] = wanted.split('-')
  const sameLanguage = Object.keys(lcids).find((known) => known === `${language}-${language}`)
  const any =
    sameLanguage ?? (language === 'en' ? 'en-us' : Object.keys(lcids).find((known) => known.startsWith(`${language}-`)))
  return (any === undefined ? undefined : lcids[any]) ?? invariant
}

export function languageOf(lcid: number): string {
  const [tag] = Object.entries(lcids).find(([, known]) => known === lcid) ?? []
  if (tag === undefined) return 'und'
  const [language, region] = tag.split('-')
  return `${language}-${region?.toUpperCase()}`
}
