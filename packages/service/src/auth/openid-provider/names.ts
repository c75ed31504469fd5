/** Below which path the embedded OpenID provider answers; its issuer name ends with it. */
export const openidPath = '/sealward/openid'

/** Of the key that signs its tokens. */
export const signingPurpose = 'openid-signing-key'
