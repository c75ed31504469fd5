/** The files with which a domain controller on loopback and its Kerberos clients run. */
import type { ServerCertificate } from './certificates.ts'

export const realm = 'CORP.LAKESIDE.TEST'
export const workgroup = 'CORP'

export interface DomainConfiguration {
  readonly folder: string
  readonly host: string
  readonly certificate: ServerCertificate
  readonly ntlm: boolean
}

export function domainConfiguration({ folder, host, certificate, ntlm }: DomainConfiguration): string {
  return `[global]
netbios name = DC1
realm = ${realm}
workgroup = ${workgroup}
server role = active directory domain controller
server services = ldap, cldap, kdc${ntlm ? ', rpc, winbindd' : ''}
interfaces = ${host}/8
bind interfaces only = yes
private dir = ${folder}/private
state directory = ${folder}/state
cache directory = ${folder}/cache
lock directory = ${folder}/run
pid directory = ${folder}/run
ncalrpc dir = ${folder}/run/ncalrpc
binddns dir = ${folder}/bind-dns
log file = ${folder}/log/%m
log level = 1
posix:eadb = ${folder}/private/eadb.tdb
tls cafile = ${certificate.authorityFile}
tls certfile = ${certificate.certificateFile}
tls keyfile = ${certificate.keyFile}

[sysvol]
path = ${folder}/state/sysvol

[netlogon]
path = ${folder}/state/sysvol/corp.lakeside.test/scripts
`
}

/** Nothing is asked of DNS; TCP, so that answers of any size arrive. */
export function kerberosConfiguration(host: string): string {
  return `[libdefaults]
default_realm = ${realm}
dns_lookup_kdc = false
dns_lookup_realm = false
dns_canonicalize_hostname = false
rdns = false
udp_preference_limit = 1

[realms]
${realm} = {
  kdc = ${host}:88
  kpasswd_server = ${host}:464
}

[domain_realm]
.lakeside.test = ${realm}
lakeside.test = ${realm}
`
}
