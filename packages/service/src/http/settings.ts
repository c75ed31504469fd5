/** Settings of the listeners: where the service is reached, and what stands in front of it. */
import { z } from 'zod'

export const listenerSchema = z.strictObject({
  host: z.string().default('127.0.0.1').describe('Address to listen on'),
  port: z.int().min(0).max(65_535).default(8_443).describe('Port to listen on; 0 takes any free one'),
  certificateFile: z.string().optional().describe('TLS certificate chain, PEM'),
  keyFile: z.string().optional().describe('TLS private key, PEM'),
  loopbackCertificate: z
    .boolean()
    .default(false)
    .describe('For development: a certificate of its own making, only on a loopback address'),
  encryptedByProxy: z.boolean().default(false).describe('A proxy in front terminates TLS over a trusted network'),
  trustedProxies: z
    .array(z.string())
    .default([])
    .describe('Addresses and networks (10.1.2.0/24) of proxies whose X-Forwarded-* is believed'),
})

export const takeoverListenerSchema = z
  .strictObject({
    host: z.string().default('127.0.0.1').describe('Address to listen on'),
    port: z.int().min(0).max(65_535).default(80).describe('Port to listen on; 0 takes any free one'),
  })
  .describe('Plain HTTP for the names of former services, whose licences say http; it answers for nothing else')
