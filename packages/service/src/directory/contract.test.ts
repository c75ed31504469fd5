import { skipWithoutOpenLdap } from '../../../../test/peers/openldap.ts'
import { skipWithoutSamba } from '../../../../test/peers/samba.ts'
import { directoryContract, lakeside } from './contract.fixture.ts'
import { fileUnderTest, openLdapUnderTest, sambaUnderTest } from './servers.fixture.ts'

directoryContract('a file', { skip: false, kinds: true }, () => fileUnderTest(lakeside))
directoryContract('OpenLDAP', { skip: skipWithoutOpenLdap, kinds: false }, () => openLdapUnderTest(lakeside))
directoryContract('Active Directory (Samba)', { skip: skipWithoutSamba, kinds: true }, () => sambaUnderTest(lakeside))
