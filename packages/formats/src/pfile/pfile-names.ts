/**
 * File names of PFILEs. Text and images have an extension of their own, everything else gets `.pfile` appended. The
 * original extension stands in the header and is untrusted: it ends up in a file name.
 */

/** Original extension to protected extension. */
const ownExtensions: ReadonlyMap<string, string> = new Map([
  ['.txt', '.ptxt'],
  ['.xml', '.pxml'],
  ['.jpg', '.pjpg'],
  ['.jpeg', '.pjpeg'],
  ['.png', '.ppng'],
  ['.pdf', '.ppdf'],
  ['.tif', '.ptif'],
  ['.tiff', '.ptiff'],
  ['.bmp', '.pbmp'],
  ['.gif', '.pgif'],
  ['.jpe', '.pjpe'],
  ['.jfif', '.pjfif'],
  ['.jt', '.pjt'],
])
const protectedExtensions = new Set(ownExtensions.values())
const genericExtension = '.pfile'
const safeExtension = /^\.[A-Za-z0-9_-]{1,32}$/

/** The name that a protected copy of a file gets. */
export function protectedPfileName(name: string): string {
  const { base, extension } = splitName(name)
  const own = ownExtensions.get(extension.toLowerCase())
  return own === undefined ? name + genericExtension : base + own
}

/** What the header stores for a file name: its extension with the dot, `.pfile` for none. */
export function pfileExtension(name: string): string {
  const { extension } = splitName(name)
  return extension === '' ? genericExtension : extension
}

/** The extension from a header when it is safe to use in a file name. */
export function safePfileExtension(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString('latin1')
  return safeExtension.test(text) ? text : undefined
}

/**
 * The name of the unprotected file. Without a safe extension the base of the outer name is kept.
 * @param name file name of the protected file, without folders
 * @param extension as `safePfileExtension` gives it
 */
export function originalPfileName(name: string, extension: string | undefined): string {
  const { base, extension: outer } = splitName(name)
  const isOwn = outer.toLowerCase() === genericExtension || protectedExtensions.has(outer.toLowerCase())
  const kept = isOwn ? base : name
  // `.pfile` in the header stands for a file that had no extension.
  if (extension === undefined || extension.toLowerCase() === genericExtension) return kept
  return kept.toLowerCase().endsWith(extension.toLowerCase()) ? kept : kept + extension
}

function splitName(name: string): { readonly base: string; readonly extension: string } {
  const dot = name.lastIndexOf('.')
  return dot <= 0 ? { base: name, extension: '' } : { base: name.slice(0, dot), extension: name.slice(dot) }
}
