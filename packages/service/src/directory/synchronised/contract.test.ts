import { skipWithoutOpenLdap, startOpenLdap } from '../../../../../test/peers/openldap.ts'
import { skipWithoutSamba, startSamba } from '../../../../../test/peers/samba.ts'
import { directoryContract, lakeside } from '../contract.fixture.ts'
import { synchronisedFileUnderTest, synchronisedPeerUnderTest } from './synchronised.fixture.ts'

directoryContract('a directory synchronised from a file', { skip: false, kinds: true }, () =>
  synchronisedFileUnderTest(lakeside),
)
directoryContract('a directory synchronised from OpenLDAP', { skip: skipWithoutOpenLdap, kinds: false }, () =>
  synchronisedPeerUnderTest(startOpenLdap(lakeside), 'mailLocalAddress', ''),
)
directoryContract(
  'a directory synchronised from Active Directory (Samba)',
  { skip: skipWithoutSamba, kinds: true },
  () => synchronisedPeerUnderTest(startSamba(lakeside), 'proxyAddresses', 'smtp:'),
)
