/** The languages that a client prefers (RFC 9110, 12.5.4). Clients send malformed ones; those are passed over. */
const most = 10

/** Language tags, best first. */
export function acceptedLanguages(header: string | undefined): readonly string[] {
  const ranges = (header ?? '').slice(0, 1_000).split(',').flatMap(readRange)
  return ranges
    .sort((a, b) => b.quality - a.quality)
    .slice(0, most)
    .map(({ tag }) => tag)
}

function readRange(text: string): readonly { readonly tag: string; readonly quality: number }[] {
  const [, tag, quality = '1'] =
    /^\s*([A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3})\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*$/.exec(text) ?? []
  return tag === undefined || Number(quality) === 0 ? [] : [{ tag, quality: Number(quality) }]
}
