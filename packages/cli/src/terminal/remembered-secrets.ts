/**
 * The secrets of one command: each is read or asked for once, however often it is needed, and stays in memory only. When
 * the command ends, what is kept here is overwritten; texts that were handed out go with the process.
 */
export interface RememberedSecrets {
  /** @param read reads the secret when nobody has asked for this name before; a refusal is remembered like an answer */
  get(name: string, read: () => Promise<string>): Promise<string>
}

export async function withSecrets<T>(work: (secrets: RememberedSecrets) => Promise<T>): Promise<T> {
  const known = new Map<string, Promise<Buffer>>()
  const kept: Buffer[] = []
  const keep = (text: string): Buffer => {
    const bytes = Buffer.from(text, 'utf8')
    kept.push(bytes)
    return bytes
  }
  try {
    return await work({
      async get(name, read) {
        const secret = known.get(name) ?? read().then(keep)
        known.set(name, secret)
        return (await secret).toString('utf8')
      },
    })
  } finally {
    for (const bytes of kept) bytes.fill(0)
    known.clear()
  }
}
