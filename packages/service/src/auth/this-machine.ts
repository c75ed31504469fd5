/**
 * Whether a service is for this machine alone. What only development may do (an identity provider of its own, identity
 * providers on loopback) asks here, so there is one rule for what counts as production: whatever in the configuration says
 * that somebody on another machine can reach the service, or is meant to.
 */
import { isLoopback } from '../http/loopback.ts'

export interface ReachSettings {
  readonly publicUrl: string
  readonly externalUrl?: string | undefined
  readonly takeoverListener?: object | undefined
  readonly listener: {
    readonly host: string
    readonly certificateFile?: string | undefined
    readonly encryptedByProxy: boolean
    readonly trustedProxies: readonly string[]
  }
}

/** The settings with which a service is more than for this machine; none for development. */
export function productionMarks({ publicUrl, externalUrl, takeoverListener, listener }: ReachSettings): string[] {
  const marks: Readonly<Record<string, boolean>> = {
    'listener.host': !isLoopback(listener.host),
    publicUrl: !isLoopback(new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')),
    externalUrl: externalUrl !== undefined,
    takeoverListener: takeoverListener !== undefined,
    'listener.certificateFile': listener.certificateFile !== undefined,
    'listener.encryptedByProxy': listener.encryptedByProxy,
    'listener.trustedProxies': listener.trustedProxies.length > 0,
  }
  return Object.keys(marks).filter((name) => marks[name] === true)
}
