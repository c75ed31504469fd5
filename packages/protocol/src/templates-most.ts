/** Templates that a service may have, so the longest list of them that a client reads in either protocol. */
export const templatesMost = 1_000
