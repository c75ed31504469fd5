/** Below which path the embedded OpenID provider answers; its issuer name ends with it. */
export const openidPath = '/sealward/openid'
