/**
 * The programs that the tests use as independent peers: second readers of compound files, OpenSSL, directory servers, a
 * SOAP client, a load generator. Runs before `npm test` and `npm run bench`, never before `npm start`. On Debian, as root, it installs
 * what is missing; elsewhere it names it. Under CI=true a missing peer is a failure: no test may pass by being skipped
 * there.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { exclusively } from './set-up-lock.js'

const olefile = '-c "import olefile"'
const zeep = '-c "import zeep"'

/**
 * Debian package -> a shell command that succeeds where it is present, whatever another system calls the package.
 * An own python3 earlier on the PATH does not see the modules of Debian's.
 *
 * @type {Readonly<Record<string, string>>}
 */
const peers = {
  'python3-olefile': `/usr/bin/python3 ${olefile} || python3 ${olefile}`,
  'python3-zeep': `/usr/bin/python3 ${zeep} || python3 ${zeep}`,
  'p7zip-full': 'command -v 7z',
  'libgsf-bin': 'command -v gsf',
  openssl: 'command -v openssl',
  procps: 'command -v ps',
  samba: 'command -v samba-tool',
  'samba-ad-dc': 'command -v samba || test -x /usr/sbin/samba',
  'samba-ad-provision': 'test -d /usr/share/samba/setup',
  'samba-dsdb-modules': 'ls /usr/lib/*/samba/ldb/samldb.so',
  'samba-vfs-modules': 'ls /usr/lib/*/samba/vfs/acl_xattr.so',
  winbind: 'command -v ntlm_auth',
  'ldb-tools': 'command -v ldbadd',
  slapd: 'command -v slapd || test -x /usr/sbin/slapd',
  'ldap-utils': 'command -v ldapmodify',
  'krb5-user': 'command -v kinit',
  curl: 'command -v curl && curl --version | grep -q SPNEGO',
}

/** Wished for by the benchmark only; not every system has it, and it is never a reason to fail. */
const loadGenerator = { wrk: 'command -v wrk' }

/** @param {Readonly<Record<string, string>>} programs */
function missing(programs) {
  const entries = Object.entries(programs)
  return entries
    .filter(([, probe]) => spawnSync('sh', ['-c', probe], { stdio: 'ignore' }).status !== 0)
    .map(([name]) => name)
}

function mayInstall() {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') && existsSync('/etc/debian_version')
}

/** @param {readonly string[]} command */
function aptGet(...command) {
  spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Dpkg::Use-Pty=0', ...command], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 5 * 60_000,
    killSignal: 'SIGKILL',
  })
}

/** apt-get installs all or nothing, and not every release has every package: one call for each. */
async function installMissing() {
  const names = missing({ ...peers, ...loadGenerator })
  if (names.length === 0) return
  console.error(`sealward: installing Debian packages for the tests: ${names.join(' ')} ...`)
  aptGet('update')
  for (const name of names) aptGet('install', '--yes', '--no-install-recommends', name)
}

const wanted = process.argv[2] === '--bench' ? { ...peers, ...loadGenerator } : peers
if (missing(wanted).length > 0) {
  if (mayInstall()) await exclusively(fileURLToPath(new URL('../.setup.lock', import.meta.url)), installMissing)
  const absent = missing(wanted)
  if (absent.length > 0) {
    console.error(`sealward: programs that some tests need are missing; in Debian the packages: ${absent.join(' ')}`)
  }
  if (process.env['CI'] === 'true' && missing(peers).length > 0) process.exitCode = 1
}
