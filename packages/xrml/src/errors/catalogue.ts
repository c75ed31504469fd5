/**
 * Every refusal of Sealward: a stable code, one sentence of cause, one of cure. `docs/errors.md` is generated from this
 * table. Codes are never renamed; a code that no source throws any more is deleted with the code that threw it.
 */
export interface ErrorEntry {
  readonly cause: string
  readonly cure: string
}

export const errorCatalogue = {
  // Text and XML
  'text-encoding-refused': {
    cause: 'The text is not in an encoding that rights management clients send',
    cure: 'Send UTF-8 or UTF-16, without NUL characters or unpaired surrogates.',
  },
  'xml-not-well-formed': {
    cause: 'The XML is not well-formed',
    cure: 'Fetch the file or message again from its source; it is damaged or was edited.',
  },
  'xml-dtd-refused': {
    cause: 'The XML carries a document type declaration',
    cure: 'Remove the declaration; certificates, licences and messages never carry one.',
  },
  'xml-limit-exceeded': {
    cause: 'The XML is larger or deeper than any genuine document',
    cure: 'Check where the document comes from; a genuine one stays far below the limits.',
  },
  'xml-character-refused': {
    cause: 'A text holds a character that XML cannot carry',
    cure: 'Remove control characters from the names and descriptions in question.',
  },
  // XrML documents
  'xrml-malformed': {
    cause: 'The document is not a valid XrML certificate or licence',
    cure: 'Fetch it again from its source and compare; a certificate must not be reformatted on its way.',
  },
  'xrml-not-signed': {
    cause: 'The document carries no signature',
    cure: 'Use the signed document; unsigned rights data is only valid inside a publishing licence.',
  },
  'xrml-digest-mismatch': {
    cause: 'The text of the document does not match its digest',
    cure: 'Fetch the document again; its text was changed after it was signed, even if only in white space.',
  },
  'xrml-signature-invalid': {
    cause: 'The signature of the document does not verify',
    cure: 'Do not trust the document; it was not signed by the key that it names.',
  },
  'chain-not-linked': {
    cause: 'A certificate of the chain was not issued by the next one',
    cure: 'Supply the complete chain in order, leaf first.',
  },
  'chain-anchor-untrusted': {
    cause: 'The chain does not end at a trusted root',
    cure: 'If the root is your own, add its fingerprint to the trusted anchors.',
  },
  'chain-issuer-not-entitled': {
    cause: 'A certificate of the chain is not entitled to issue the one before it',
    cure: 'Supply the chain as the issuing server gave it; do not mix certificates of different kinds.',
  },
  'chain-issued-outside-range': {
    cause: 'A document of the chain was issued outside the time its issuer was allowed to issue',
    cure: 'Ask the issuing server for a new certificate, and check its clock.',
  },
  'chain-too-long': {
    cause: 'The chain has more certificates than any genuine one',
    cure: 'Supply only the chain of one document.',
  },
  'validity-time-over': {
    cause: 'The document is outside its validity time',
    cure: 'Ask the service for a new certificate or licence, and check the clock of this machine.',
  },
  'cryptographic-mode-mismatch': {
    cause: 'The key sizes and hashes of the document do not belong to one cryptographic mode',
    cure: 'Use certificates of one mode: RSA 1024 with SHA-1, or RSA 2048 with SHA-256.',
  },
  // Cryptography of licences
  'public-key-invalid': {
    cause: 'The public key is not an RSA key that rights management uses',
    cure: 'Use an RSA key of 1024 to 4096 bits with exponent 65537.',
  },
  'key-blob-invalid': {
    cause: 'The private key is damaged or does not belong together',
    cure: 'Export the key again from its source.',
  },
  'sealed-data-invalid': {
    cause: 'The sealed key could not be opened with this key',
    cure: 'Use the key that the licence names, and check that the licence was not changed.',
  },
  'symmetric-key-unsupported': {
    cause: 'The content key is not an AES key',
    cure: 'Protect the content again with a current client; DES keys are not accepted for new licences.',
  },
  'rights-data-invalid': {
    cause: 'The rights data of the licence cannot be read with its content key',
    cure: 'Check that the licence belongs to the document and was not changed.',
  },
  // Formats
  'source-ends-early': {
    cause: 'The file ends before the data that it announces',
    cure: 'Copy the file again from its source; it is cut off or changed while it was read.',
  },
  'content-key-size-invalid': {
    cause: 'The content key is not an AES key of 16, 24 or 32 bytes',
    cure: 'Check that the use licence belongs to this document.',
  },
  'cipher-mode-unknown': {
    cause: 'The licence names a cipher mode that does not exist',
    cure: 'Ask the service that issued the licence for a new one.',
  },
  'content-block-size-invalid': {
    cause: 'The size of the encrypted content is not a multiple of 16 bytes',
    cure: 'Copy the file again from its source; it is cut off or damaged.',
  },
  'content-ciphertext-empty': {
    cause: 'The encrypted content is empty although its cipher mode always writes a last block',
    cure: 'Copy the file again from its source; it is cut off.',
  },
  'content-key-mismatch': {
    cause:
      'The decrypted content is not what it must be: the key or cipher mode is not that of this file, or the content is damaged',
    cure: 'Check that the use licence was issued for this document, then copy the file again from its source.',
  },
  'content-size-mismatch': {
    cause: 'The decrypted content does not have the size that the file announces',
    cure: 'Copy the file again from its source; it is damaged.',
  },
  'content-too-large': {
    cause: 'The content is larger than its format or cipher mode can hold',
    cure: 'Split the content, or protect it in another format.',
  },
  'compound-file-damaged': {
    cause: 'The compound file contradicts itself',
    cure: 'Copy the file again from its source; it is damaged.',
  },
  'compound-file-limit-exceeded': {
    cause: 'The compound file has more entries or levels than any genuine one',
    cure: 'Check where the file comes from; a genuine one stays far below the limits.',
  },
  'compound-file-entry-refused': {
    cause: 'An entry cannot be stored in a compound file',
    cure: 'Give entries of one storage different names of 1 to 31 characters without / \\ : and !.',
  },
  'data-spaces-damaged': {
    cause: 'The data spaces of the protected document cannot be read',
    cure: 'Copy the file again from its source; it is damaged.',
  },
  'content-stream-damaged': {
    cause: 'The protected content of the document contradicts its size prefix',
    cure: 'Copy the file again from its source; it is damaged or was written by a faulty tool.',
  },
  'license-text-refused': {
    cause: 'The licence stored in the file is empty, too large or not text',
    cure: 'Copy the file again from its source.',
  },
  'pfile-damaged': {
    cause: 'The header of the protected file contradicts itself',
    cure: 'Copy the file again from its source; it is damaged.',
  },
  'pfile-version-unsupported': {
    cause: 'The protected file has a version other than 2 or 3',
    cure: 'Open it with a newer version of this product.',
  },
  'pfile-field-refused': {
    cause: 'A value cannot be written to the header of a protected file',
    cure: 'Check the file extension, the sizes and the chosen version.',
  },
  'file-not-protected': {
    cause: 'The file is not protected',
    cure: 'Nothing needs to be done to read it.',
  },
  'file-password-encrypted': {
    cause: 'The document is encrypted with a password, not with rights management',
    cure: 'Remove the password in Office first.',
  },
  'format-not-readable': {
    cause: 'The file is protected in a format that can be recognised but not read here',
    cure: 'Open it with an application for this format.',
  },
  // Keys
  'tpd-malformed': {
    cause: 'The file is not a trusted publishing domain file',
    cure: 'Export the trusted publishing domain again, without the option for compatibility with RMS version 1.',
  },
  'tpd-not-opened': {
    cause:
      'The trusted publishing domain file cannot be opened: the password is wrong, or the file is damaged or of an unknown variant',
    cure: 'Check the password; then export the file again, without the option for compatibility with RMS version 1.',
  },
  'tpd-chain-invalid': {
    cause: 'The trusted publishing domain does not carry the certificate chain of a server licensor',
    cure: 'Export the trusted publishing domain again from the cluster that owns it.',
  },
  'tpd-provider-type-mismatch': {
    cause: 'The key provider named in the trusted publishing domain does not fit its cryptographic mode',
    cure: 'Export the trusted publishing domain again from the cluster that owns it.',
  },
  'tpd-mode-refused': {
    cause: 'The trusted publishing domain is of Cryptographic Mode 1, which the policy of this installation refuses',
    cure: 'Allow Mode 1 for reading old content, or import only domains of Mode 2.',
  },
  'tpd-key-missing': {
    cause: 'The trusted publishing domain file carries no private key',
    cure: 'Name the key that belongs to it: a PEM file or a key of a hardware security module.',
  },
  'tpd-key-present': {
    cause: 'The trusted publishing domain file carries a private key already',
    cure: 'Use the file as it is, or join the key to its keyless form.',
  },
  'tpd-key-mismatch': {
    cause: 'The private key does not belong to the server licensor certificate of the trusted publishing domain',
    cure: 'Use the key that was exported together with this certificate.',
  },
  'tpd-key-unusable': {
    cause: 'The private key could not both sign and decrypt',
    cure: 'Allow both uses for the key in its key store, and check that the store works.',
  },
  'tpd-password-too-short': {
    cause: 'The password for the exported file is shorter than 16 characters',
    cure: 'Choose a long random password; the file is only as strong as its password.',
  },
  'tud-malformed': {
    cause: 'The file is not a trusted user domain file of a known form',
    cure: 'Ask the other organisation to export it again; if it is a genuine file, report the beginning that is shown.',
  },
  'tud-chain-invalid': {
    cause: 'The trusted user domain does not carry the certificate chain of a server licensor',
    cure: 'Ask the other organisation for the trusted user domain of its root cluster or tenant.',
  },
  'tpd-field-refused': {
    cause: 'A value cannot be written to a trusted publishing domain file',
    cure: 'Give a key identity, whole numbers and a certificate chain.',
  },
  'private-key-unreadable': {
    cause: 'The private key file cannot be used',
    cure: 'Give one unencrypted RSA private key in PEM form, PKCS#1 or PKCS#8.',
  },
  'rsa-key-refused': {
    cause: 'The RSA key is weak or wrongly made',
    cure: 'Do not use the key; replace it at its source and find out how it was made.',
  },
  'key-not-found': {
    cause: 'The key store holds no key of this name',
    cure: 'List the keys of the store; restore the key from a backup if it was destroyed by mistake.',
  },
  'sealed-record-invalid': {
    cause: 'A sealed record cannot be opened with this master key in this place',
    cure: 'Check that the master key is the right one; otherwise restore the record from a backup, because it was changed or moved.',
  },
  'master-key-refused': {
    cause: 'The master key cannot be used',
    cure: 'Give a file of 32 random bytes, raw or as hexadecimal or base64 text, or a passphrase of at least 12 characters with the parameters stored for it.',
  },
  'runtime-unsafe': {
    cause:
      'The runtime does not decrypt damaged RSA blocks with implicit rejection, so it would reveal licence keys to an attacker',
    cure: 'Run Sealward with the Node version that it is shipped with.',
  },
  // Protocol
  'soap-envelope-invalid': {
    cause: 'The message is not a SOAP envelope with one call in its body',
    cure: 'Send one SOAP 1.1 or 1.2 envelope, as the service descriptions of the rights management services say.',
  },
  'soap-transport-mismatch': {
    cause: 'The HTTP headers of the SOAP message disagree with the message',
    cure: 'Send the Content-Type, character set and SOAPAction that belong to the message; look for a proxy that changes them.',
  },
  'soap-operation-unknown': {
    cause: 'The service does not offer this operation at this address',
    cure: 'Check the address of the service, and that client and service are of matching versions.',
  },
  'soap-message-invalid': {
    cause: 'The SOAP call is not built as its service description says',
    cure: 'Check the client; its version may not fit the service, or the message was damaged on its way.',
  },
  'soap-argument-missing': {
    cause: 'The SOAP call lacks a required element',
    cure: 'Check the client; its version may not fit the service.',
  },
  'precertify-names-differ': {
    cause: 'Mail address and security identifier in a call of Precertify belong to different users',
    cure: 'Ask with the one that is right.',
  },
  'pre-license-recipient-unknown': {
    cause: 'Nobody in the directory has the address of this recipient',
    cure: 'Ask the cluster of the recipient for an account certificate, or let the recipient ask for a licence.',
  },
  'group-expansion-too-far': {
    cause: 'Clusters have asked each other too often about the same membership',
    cure: 'Look for forests whose groups point at each other in a circle.',
  },
  'sub-enrolment-refused': {
    cause: 'The root cluster does not certify this key for a cluster that only licenses',
    cure: 'Send a new RSA key of the size of the root cluster’s mode, and the address of the new cluster.',
  },
  'root-cluster-refused': {
    cause: 'The root cluster did not certify the key of this cluster',
    cure: 'Check the address of the root cluster, its root key, and that it admits the account for sub-enrolment.',
  },
  'signed-license-refused': {
    cause: 'The published licence to be edited is not one that this service signed and can open',
    cure: 'Send it as the service issued it, to the service that issued it.',
  },
  'server-editing-not-allowed': {
    cause: 'The author of the document has not allowed servers to change its policy',
    cure: 'Ask the author to protect the document again, or to allow server editing.',
  },
  'precertify-arguments-refused': {
    cause: 'A call of Precertify must name one user, by mail address or by Windows security identifier',
    cure: 'Ask for each user in a call of its own.',
  },
  'soap-limit-exceeded': {
    cause: 'The SOAP call carries more or larger items than the service accepts',
    cure: 'Split the call into several ones.',
  },
  'malformed-data-version': {
    cause: 'The version numbers of the message are malformed',
    cure: 'Send a minimum and a maximum version of four numbers each, the minimum not above the maximum.',
  },
  'unsupported-data-version': {
    cause: 'The message asks for a newer version than the service speaks',
    cure: 'Repeat the call with the highest version that the service names, or update the service.',
  },
  'service-type-unknown': {
    cause: 'The message asks for a kind of service or information that does not exist',
    cure: 'Check the client; its version may not fit the service.',
  },
  'certificate-not-insertable': {
    cause: 'The text cannot be placed into a message as one certificate',
    cure: 'Use the certificate text exactly as it was read; do not pass on text that was not read as a certificate before.',
  },
  'rest-message-invalid': {
    cause: 'The JSON message is not built as the protocol says',
    cure: 'Check the client; its version may not fit the service, or the message was damaged on its way.',
  },
  'json-license-unsupported': {
    cause: 'The licence is of the JSON form made by a preview client for offline publishing',
    cure: 'Open it with the client that protected it, or ask its author to protect it again with a released client.',
  },
  'json-license-invalid': {
    cause: 'The licence in JSON is damaged, or names another owner than the account that published it',
    cure: 'Fetch the document again from its source, or ask its author to protect it once more.',
  },
  'device-platform-refused': {
    cause: 'Devices of this platform are not served',
    cure: 'Use another device, or let an administrator serve the platform with `sealward mobile serve`.',
  },
  'device-platform-unknown': {
    cause: 'The client does not say on which kind of device it runs, and only known ones are served',
    cure: 'Use another application, or let an administrator serve the platform Other with `sealward mobile serve`.',
  },
  'application-refused': {
    cause: 'This application, or this version of it, is not served',
    cure: 'Update the application, or let an administrator serve it with `sealward mobile serve`.',
  },
  'tenant-unknown': {
    cause: 'The licence belongs to a tenant that is not served here',
    cure: 'Open the document with an account of the organisation that protected it, or import its trusted publishing domain.',
  },
  'challenge-invalid': {
    cause: 'The authentication challenge cannot be used',
    cure: 'Name an authorization endpoint, and keep commas, equals signs and quotes out of all values.',
  },
  'licensing-url-invalid': {
    cause: 'The address of a rights management service is not usable',
    cure: 'Give an http or https URL with a host name, without user name, query or fragment.',
  },
  // Service
  'cluster-decommissioned': {
    cause: 'The service is decommissioned',
    cure: 'Ask the administrator; a decommissioned service only releases keys and answers nothing else.',
  },
  'cluster-not-decommissioned': {
    cause: 'The service is in operation and gives no content keys away',
    cure: 'Ask for a licence instead; keys without a licence come only from a decommissioned cluster.',
  },
  unauthenticated: {
    cause: 'The request does not say who is asking',
    cure: 'Sign in and repeat the request.',
  },
  'tenant-not-activated': {
    cause: 'The tenant is not activated yet',
    cure: 'Let an administrator enable it; keys and templates can be imported before.',
  },
  'tenant-disabled': {
    cause: 'The tenant is disabled',
    cure: 'Ask the administrator; nothing is deleted, and enabling it again makes documents open again.',
  },
  'tenant-not-enabled': {
    cause: 'The service is not enabled for this organisation',
    cure: 'Ask the administrator to enable the tenant and to give it an active key; documents open again then.',
  },
  'service-read-only': {
    cause: 'The service only opens documents, it no longer lets this user protect new ones',
    cure: 'Protect with the service that has taken its place; ask the administrator which one that is.',
  },
  'publishing-not-onboarded': {
    cause: 'The service is disabled for publishing for this user',
    cure: 'Wait until the user is moved, or add the user to the group of the onboarding policy.',
  },
  'endpoint-closed': {
    cause: 'The account is not among those whom an administrator has admitted to this',
    cure: 'Let an administrator admit it with `sealward admission add`; people and their clients use the usual addresses.',
  },
  'federated-sign-in-required': {
    cause: 'At this address only people are certified for whom a federated identity provider vouches',
    cure: 'Let people of the directory use the address without `external`; name providers under `federation` in the configuration.',
  },
  'host-name-refused': {
    cause: 'The host name cannot be answered for',
    cure: 'Give a host name, with a port if it is another one than 80 or 443, or a web site with its base path, such as http://rms.example:8080/rights/_wmcs.',
  },
  'host-name-claimed': {
    cause: 'Another tenant of the installation answers for the host name',
    cure: 'Let one tenant alone answer for a name; take it from the other one first.',
  },
  'admin-token-refused': {
    cause: 'The request to the administration interface carries no valid token',
    cure: 'Send the content of the token file in the data directory as bearer token.',
  },
  'admin-token-file-refused': {
    cause: 'The file with the token of the administration interface cannot be used',
    cure: 'Give it to the account of the service alone (mode 600), or delete it: the service makes a new one at its start.',
  },
  'admin-role-missing': {
    cause: 'The token may only read',
    cure: 'Use the token for administrators.',
  },
  'admin-request-invalid': {
    cause: 'The request to the administration interface is not built as its description says',
    cure: 'Correct the field that is named; the description is at /admin/v1/openapi.json.',
  },
  'personality-mismatch': {
    cause: 'The service has another personality than this operation is for',
    cure: 'Read the configuration: some operations are for clusters, others for tenants.',
  },
  'state-refused': {
    cause: 'The service cannot change to that state',
    cure: 'Do what is missing first, or force the change if you accept what it means.',
  },
  'group-refused': {
    cause: 'The group cannot decide who may do something',
    cure: 'Name a security group that the directory knows, by its mail address; servers may be admitted by its Windows name.',
  },
  'migration-url-set': {
    cause: 'Newly protected content names another host already',
    cure: 'Force the change if the host shall be replaced.',
  },
  'template-in-use': {
    cause: 'The template was used lately',
    cure: 'Archive it, or force its removal: documents made with it fall back to the policy that they carry.',
  },
  'tpd-anyone-unmapped': {
    cause: 'Templates of the trusted publishing domain give rights to ANYONE, which this service does not have',
    cure: 'Say who gets these rights, for example all staff, or that nobody does.',
  },
  'machine-chain-invalid': {
    cause: 'The machine certificate or one of its issuers is not valid',
    cure: 'Let the client make or fetch a new machine certificate.',
  },
  'machine-chain-untrusted': {
    cause: 'The machine certificate was not issued by a trusted authority',
    cure: 'Enrol the machine with this service, or add the key of its authority to the trusted machine authorities.',
  },
  'machine-key-refused': {
    cause: 'The key of the machine does not have the size that the service works with',
    cure: 'Enrol with an RSA key of the size that belongs to the cryptographic mode of the service.',
  },
  'user-not-in-directory': {
    cause: 'The directory does not know the user',
    cure: 'Check the account in the directory; it may have been removed.',
  },
  'account-not-in-directory': {
    cause: 'No account or group of the directory has this name, or several have it',
    cure: 'Name it as in CORP\\MAIL01$, or by its security identifier; `sealward admission list` names those that are admitted.',
  },
  'user-without-address': {
    cause: 'The user has no mail address',
    cure: 'Give the account a mail address in the directory; rights are granted to addresses.',
  },
  'user-disabled': {
    cause: 'The account of the user is disabled',
    cure: 'Enable the account in the directory if the person may work again.',
  },
  'account-certificate-unexpected': {
    cause: 'The account certificate cannot be read, or something else was sent in its place',
    cure: 'Let the client fetch a new account certificate.',
  },
  'account-certificate-signature-invalid': {
    cause: 'The signature of the account certificate or of its issuer does not verify',
    cure: 'Let the client fetch a new account certificate.',
  },
  'account-certificate-expired': {
    cause: 'The account certificate is outside its validity time',
    cure: 'Let the client fetch a new account certificate, and check the clock of the machine.',
  },
  'account-certificate-untrusted': {
    cause: 'The account certificate was not issued by a service that this one trusts',
    cure: 'Fetch an account certificate from this service, or import the trusted user domain of its issuer with the mail domain.',
  },
  'account-certificate-not-callers': {
    cause: 'The account certificate belongs to somebody else than the caller',
    cure: 'Sign in as the person whose certificate is used.',
  },
  'publishing-license-invalid': {
    cause: 'The publishing licence cannot be read',
    cure: 'Fetch the document again from its source; its licence is damaged or was changed.',
  },
  'publishing-license-signature-invalid': {
    cause: 'The publishing licence or the certificate that signed it does not verify',
    cure: 'Fetch the document again from its source; its licence was changed or signed by an unknown party.',
  },
  'account-excluded': {
    cause: 'The account, or the key of its certificate, is excluded or revoked',
    cure: 'Ask an administrator; after an excluded key, delete the account certificate and sign up again.',
  },
  'machine-excluded': {
    cause: 'The machine is excluded, or its security processor is older than the service accepts',
    cure: 'Update the rights management client, or ask an administrator about the machine.',
  },
  'content-revoked': {
    cause: 'The document has been revoked',
    cure: 'Ask the publisher or an administrator; nobody but the publisher gets a licence for it.',
  },
  'exclusion-refused': {
    cause: 'The exclusion or revocation does not name what it is about',
    cure: 'Give an address, a certificate, a GUID, a key fingerprint, or versions such as 6.0.0.0, as the help says.',
  },
  'revocation-list-invalid': {
    cause: 'The revocation list is damaged, too large, or not signed by the authority that the licence names',
    cure: 'Ask the operator of the list; nothing that depends on it opens before a genuine one is there.',
  },
  'revocation-list-stale': {
    cause: 'The revocation list is older than the licence allows',
    cure: 'Connect to the network so that a newer list can be fetched, or ask the operator of the list.',
  },
  'revocation-list-replaced': {
    cause: 'The revocation list is older than one that was seen before',
    cure: 'Somebody put an old list back: report it to the operator of the list.',
  },
  'publishing-license-outside-validity': {
    cause: 'The publishing licence is outside its validity time',
    cure: 'Ask the owner to protect the document again.',
  },
  'no-matching-key': {
    cause: 'The service does not hold the key to which the document was protected',
    cure: 'Import the trusted publishing domain of the server that protected the document.',
  },
  'credential-too-new': {
    cause: 'The credentials of the user were created later than the document allows',
    cure: 'Ask the administrator to raise the creation time tolerance if the account was recreated on purpose.',
  },
  'no-rights': {
    cause: 'The policy gives the user no rights to the document now',
    cure: 'Ask the owner of the document for access.',
  },
  'content-expired': {
    cause: 'The content has expired',
    cure: 'Ask the owner of the document, who can still open it.',
  },
  'online-publishing-disabled': {
    cause: 'The service does not publish for clients',
    cure: 'Protect with a client licensor certificate, or ask the administrator to allow online publishing.',
  },
  'draft-principal-unknown': {
    cause: 'The licence to be signed is not made for this service',
    cure: 'Make the licence for the licensor certificate of this service.',
  },
  'draft-seal-mismatch': {
    cause: 'The sealed key of the licence to be signed belongs to another licence',
    cure: 'Make the licence again; a sealed key cannot be moved from one licence to another.',
  },
  'template-unknown': {
    cause: 'There is no such template',
    cure: 'List the templates again; this one may have been archived.',
  },
  'template-signature-invalid': {
    cause: 'The template was not signed by a server that this service knows',
    cure: 'Fetch the template again, or import the trusted publishing domain that it belongs to.',
  },
  'template-refused': {
    cause: 'The template cannot be stored',
    cure: 'Give it at least one name, and at least one person or group with at least one right.',
  },
  'policy-refused': {
    cause: 'The policy cannot be published',
    cure: 'Give at least one person or group at least one right, with mail addresses that the service accepts.',
  },
  'owner-not-publisher': {
    cause: 'The licence names an owner who is not the one publishing it',
    cure: 'Publish as the owner, or let the administrator list the account among the publishers for others.',
  },
  'key-transplant-refused': {
    cause: 'The content key of the licence comes from another licence, whose rights its issuer never held',
    cure: 'Open the original document; ask the administrator if it was protected again on purpose.',
  },
  'unsealing-throttled': {
    cause: 'Too many licences of this caller could not be opened',
    cure: 'Wait a minute; if the licences are genuine, ask the administrator to look into the service log.',
  },
  'no-active-key': {
    cause: 'The service has no active key',
    cure: 'Create an identity, or import a trusted publishing domain and activate its key.',
  },
  'key-unknown': {
    cause: 'There is no such key',
    cure: 'List the keys, and give the fingerprint or identifier of one of them.',
  },
  'user-domain-unknown': {
    cause: 'There is no such trusted user domain',
    cure: 'List the trusted user domains, and give the fingerprint of one of them.',
  },
  'user-domain-known': {
    cause: 'The user domain is trusted already',
    cure: 'Change its mail domains, or remove it before it is imported again.',
  },
  'user-domain-own': {
    cause: 'The user domain is the own one of this service',
    cure: 'Nothing needs to be done: its own people are always known, and cannot be removed from trust.',
  },
  'mail-domain-refused': {
    cause: 'A text is no mail domain that can be trusted from another organisation',
    cure: 'Give mail domains of the other organisation, or an asterisk for all that are nobody else’s.',
  },
  'key-already-imported': {
    cause: 'The key is already there',
    cure: 'Nothing needs to be done; list the keys to see it.',
  },
  'key-state-refused': {
    cause: 'The key cannot change to that state',
    cure: 'Activate another key first; exactly one key is active.',
  },
  'address-refused': {
    cause: 'The mail address is not in a form that can be compared safely',
    cure: 'Write the address without look-alike or mixed-script characters.',
  },
  'address-collision': {
    cause: 'One address or identifier belongs to several entries of the directory',
    cure: 'Give every user and group addresses and identifiers of their own.',
  },
  'directory-refused': {
    cause: 'The directory file is not valid',
    cure: 'Correct the entry that is named; nothing of the file was taken.',
  },
  'scp-foreign': {
    cause: 'The service connection point of the forest names another cluster',
    cure: 'Make sure that the other cluster is not needed any more; then say --foreign.',
  },
  'scp-not-permitted': {
    cause: 'The directory does not let this account change the service connection point',
    cure: 'Use an account of the Enterprise Admins, or one to which the container was delegated.',
  },
  'scp-forest-missing': {
    cause: 'The server does not belong to an Active Directory forest',
    cure: 'Name a domain controller; other directories have no service connection point.',
  },
  'directory-not-synchronised': {
    cause: 'The service does not keep a directory of its own',
    cure: 'Set directory.synchronised in the configuration; a file or servers that are asked need no synchronisation.',
  },
  'directory-deletions-refused': {
    cause: 'More people or groups would disappear than is allowed in one run',
    cure: 'Check what the reading account may see; if the deletions are right, allow their number with --allow-deletions.',
  },
  'directory-changed-meanwhile': {
    cause: 'Somebody else has changed the synchronised directory meanwhile',
    cure: 'Run the command again; nothing was changed.',
  },
  'address-not-waiting': {
    cause: 'No entry of the synchronised directory waits for this address',
    cure: 'See with `sealward directory show` which addresses wait; one that several entries claim must be cleared up at the source.',
  },
  'token-subject-unknown': {
    cause: 'No account of an identity provider is bound in this way',
    cure: 'See with `sealward directory subjects` which ones are.',
  },
  'directory-unavailable': {
    cause: 'The directory cannot answer at the moment',
    cure: 'Try again later; nothing was decided.',
  },
  'forest-unavailable': {
    cause: 'The cluster of another forest cannot answer at the moment',
    cure: 'Try again later; nothing was decided. If it goes on, check the forest in the configuration and that the cluster there admits this one.',
  },
  'identity-provider-unavailable': {
    cause: 'The keys of the identity provider that issued the token cannot be had at the moment',
    cure: 'Try again later; the operator looks in the log for what the provider answered.',
  },
  'embedded-provider-refused': {
    cause: 'The embedded OpenID provider is for development, and this service can be reached from other machines',
    cure: 'Name an identity provider in authentication.issuers, or keep the service on loopback with the settings that are named removed.',
  },
  'configuration-invalid': {
    cause: 'The configuration of the service is not valid',
    cure: 'Correct the setting that is named; unknown settings are errors.',
  },
  'store-refused': {
    cause: 'The database cannot be used',
    cure: 'Check that the file is a database of this product and not of a newer version.',
  },
  'plain-http-refused': {
    cause: 'The request carries a password or a token over a connection that is not encrypted',
    cure: 'Use https; if a proxy on a trusted network encrypts for the service, say so in the configuration.',
  },
  'listener-refused': {
    cause: 'The service may not listen on this address without encryption',
    cure: 'Configure a certificate, listen on the loopback address, or state that a proxy encrypts for the service.',
  },
  'windows-sign-in-unavailable': {
    cause: 'The service cannot check Kerberos tickets or NTLM at the moment',
    cure: 'Try again later; the operator looks whether ntlm_auth runs and, for NTLM, whether winbindd answers it.',
  },
  'authentication-throttled': {
    cause: 'Too many sign-ins failed from this address or for this account',
    cure: 'Wait a second before each further try; the tries are counted for ten minutes.',
  },
  'service-overloaded': {
    cause: 'The service is working on as many requests as it can',
    cure: 'Send the request again after a second.',
  },
  'rate-limited': {
    cause: 'There were more requests from this person or address than the service allows',
    cure: 'Send the request again after a second; for a server, an administrator admits its account or raises the limit.',
  },
  'request-too-large': {
    cause: 'The request is larger than the service accepts',
    cure: 'Check what is sent; a genuine request stays below the limits.',
  },
  'request-malformed': {
    cause: 'The request is not valid HTTP, or in a form that the service does not take',
    cure: 'Send the request uncompressed, with one Content-Type that belongs to it; look for a proxy that changes it.',
  },
  'request-timeout': {
    cause: 'The request did not arrive in time',
    cure: 'Send the request again over a faster connection.',
  },
  'request-misdirected': {
    cause: 'The connection was made for another tenant than the request names',
    cure: 'Connect to the host that the request names; reuse no connection for another host.',
  },
  'resource-unknown': {
    cause: 'There is nothing at this address of the service',
    cure: 'Check the address; take it from service discovery where possible.',
  },
  'method-not-allowed': {
    cause: 'The address does not take this HTTP method',
    cure: 'Check the client; its version may not fit the service.',
  },
  // Client
  'client-store-refused': {
    cause: 'The folder with the keys and licences of this user cannot be used',
    cure: 'Give the folder to yourself alone (mode 700, files 600); delete a damaged file in it, it is fetched again.',
  },
  'service-url-refused': {
    cause: 'The address of the service is not an HTTPS address',
    cure: 'Use https; plain http is accepted for this machine only.',
  },
  'service-host-not-allowed': {
    cause: 'The licence, the service or discovery names a host that this client may not talk to',
    cure: 'Map the address to your service with a redirection, or add its host to the allowed hosts.',
  },
  'service-not-discovered': {
    cause: 'No step of discovery found a service that this client may use',
    cure: 'Run `sealward client explain`; it names the cure of each step. Or name the service in the connection file.',
  },
  'name-server-unavailable': {
    cause: 'The name server did not answer',
    cure: 'Check the network and the name servers of the configuration; then try again.',
  },
  'protection-disabled': {
    cause: 'The configuration of this client lets nobody protect anything',
    cure: 'Open documents as before; ask whoever set DisableCreation, or import settings without it.',
  },
  'registration-file-invalid': {
    cause: 'The registration file cannot be read',
    cure: 'Export the keys again with the registry editor, as UTF-16 or UTF-8; the detail names the line.',
  },
  'client-store-unknown': {
    cause: 'The folder holds no keys and licences of this client',
    cure: 'Name the folder with --store; nothing was removed.',
  },
  'service-unreachable': {
    cause: 'The service did not answer',
    cure: 'Check the address of the service, the network and the certificate of the service.',
  },
  'service-answer-refused': {
    cause: 'The service gave an answer that this client does not accept',
    cure: 'Check that the address belongs to a rights management service of a matching version.',
  },
  'service-refused': {
    cause: 'The service refused the request',
    cure: 'Ask the administrator of the service; its log names the reason.',
  },
  'credentials-missing': {
    cause: 'The service asks for credentials that were not supplied',
    cure: 'Sign in, or supply a password or token for this service.',
  },
  'authority-unknown': {
    cause: 'The authority that the service names for tokens does not describe itself',
    cure: 'Ask the operator of the service which identity provider it uses, and get a token there for --token-file.',
  },
  'sign-in-refused': {
    cause: 'The authority did not sign the user or application in',
    cure: 'Sign in again; the reason that the authority gave is named.',
  },
  'sign-in-failed': {
    cause: 'The sign-in did not come to an end',
    cure: 'Sign in again; if it stays so, ask the operator of the authority what it answered.',
  },
  'sign-in-other-user': {
    cause: 'Somebody else than the named user signed in',
    cure: 'Sign in as the user who is named with --user, or name that other one by their primary address.',
  },
  'sign-in-over': {
    cause: 'The sign-in has ended and cannot be renewed',
    cure: 'Sign in again with sealward client sign-in.',
  },
  'ticket-missing': {
    cause: 'There is no Kerberos ticket to sign in with, or it has run out',
    cure: 'Get one with `kinit`, and look at it with `klist`; or sign in with a password.',
  },
  'ticket-sign-in-unavailable': {
    cause: 'Signing in with a Kerberos ticket needs programs that are not here',
    cure: 'Install curl with Kerberos (GSS-API) and the Kerberos clients with `klist`; or sign in with a password.',
  },
  'credentials-refused': {
    cause: 'The service did not accept the user name and password, the token, or the ticket',
    cure: 'Check user name and password; ask for a new token or ticket if it expired.',
  },
  'token-subject-mismatch': {
    cause: 'The account at the identity provider was somebody else of the directory until now',
    cure: 'Let the administrator look with `sealward directory subjects --refused`, and release the account with `sealward directory release-subjects` if its person is the right one.',
  },
  'client-certificate-refused': {
    cause: 'The service does not accept the client certificate of the connection',
    cure: 'Let the operator look in the log for the reason, and check authentication.clientCertificates: authority, validity, purpose, revocation list and the entry with its account; or connect without a certificate.',
  },
  'client-authorities-refused': {
    cause: 'The authorities of client certificates or their revocation lists have changed and cannot be used',
    cure: 'Correct the file that is named; those before count on, the lists until they are out of date.',
  },
  'certificate-not-ours': {
    cause: 'The service issued a certificate for a key or user other than the one that asked',
    cure: 'Ask again; if it happens again, ask the administrator of the service.',
  },
  'use-license-mismatch': {
    cause: 'The use licence belongs to another document or user',
    cure: 'Delete the stored licence and open the document again.',
  },
  'right-missing': {
    cause: 'The licence does not grant the right that this needs',
    cure: 'Ask the owner of the document for the right, or let a person do it who has it.',
  },
  'policy-grants-nothing': {
    cause: 'The policy gives no one a right',
    cure: 'Name at least one address with at least one right, or a template.',
  },
  'file-already-protected': {
    cause: 'The file is protected already',
    cure: 'Remove its protection first if it shall be protected differently.',
  },
  'file-unreadable': {
    cause: 'The file cannot be read',
    cure: 'Check that it exists, is an ordinary file and may be read by you; links are not followed here.',
  },
  'file-exists': {
    cause: 'The file to write exists already',
    cure: 'Choose another name, or allow it to be overwritten.',
  },
  'file-changed-meanwhile': {
    cause: 'The file changed while it was processed',
    cure: 'Close it in other programs and try again; nothing was replaced.',
  },
  'file-not-written': {
    cause: 'The file could not be written',
    cure: 'Check the free space and the permissions of the folder; the original is unchanged.',
  },
  'file-verification-failed': {
    cause: 'What was written does not read back as it was meant',
    cure: 'Check the disk; the original is unchanged.',
  },
  'file-name-refused': {
    cause: 'The name of the file to write is not safe',
    cure: 'Give a name for the output.',
  },
  // Bulk
  'journal-refused': {
    cause: 'The journal cannot be used for this run',
    cure: 'Name the journal that an earlier run over the same folders wrote, or a file that does not exist yet.',
  },
  'journal-in-use': {
    cause: 'Another run is using the journal',
    cure: 'Wait until that run ends; if it is gone, delete the lock file beside the journal.',
  },
  'format-not-writable': {
    cause: 'Documents of this format can be opened here but not protected',
    cure: 'Take the protection off, save the document in a current format, and protect that.',
  },
  'file-too-large': {
    cause: 'The file is larger than this run accepts',
    cure: 'Process it by itself, or raise the limit of the run.',
  },
  'template-not-mapped': {
    cause: 'Nothing says which policy replaces the one of the document',
    cure: 'Add its template to the mapping, or publish a template with the same identifier.',
  },
  // Migration
  'exit-not-applicable': {
    cause: 'This way out does not exist for a service of this kind',
    cure: 'Run it against the tenant that is left.',
  },
  'exit-not-disabled': {
    cause: 'The tenant is still not disabled',
    cure: 'Look at its administration log; another administrator may have enabled it again.',
  },
  'exit-export-damaged': {
    cause: 'An exported key does not read back as the key that the service holds',
    cure: 'Delete the file and export the key again, with the password that belongs to it.',
  },
  'exit-keys-missing': {
    cause: 'A key of the service cannot be exported, and documents would be lost with it',
    cure: 'Provide the own copy of the key with its certificates, or renew the subscription; then start again.',
  },
  'exit-instance-not-empty': {
    cause: 'The instance for the rehearsal holds keys already',
    cure: 'Start it in an empty folder; a rehearsal must prove that the exports alone are enough.',
  },
  'request-log-refused': {
    cause: 'The request log cannot be read',
    cure: 'Export it again: ServiceRequest with its header row as CSV, or the usage log as the service wrote it.',
  },
  'project-exists': {
    cause: 'The folder holds a migration project already',
    cure: 'Continue that project, or name a new or empty folder.',
  },
  'project-missing': {
    cause: 'The folder holds no migration project',
    cure: 'Name the folder of the project, or begin one with `sealward migrate plan`.',
  },
  'project-damaged': {
    cause: 'The records of the migration project contradict each other',
    cure: 'Restore the folder from a backup; its journal was changed, cut off or mixed with another one.',
  },
  'project-locked': {
    cause: 'Somebody else is working on the migration project',
    cure: 'Wait until that run has ended, and repeat the command.',
  },
  'plan-missing': {
    cause: 'The migration project has no plan yet',
    cure: 'Give it one with `sealward migrate plan`.',
  },
  'plan-invalid': {
    cause: 'The plan of the migration is not valid',
    cure: 'Correct the field that is named; unknown fields are errors, and passwords never belong into a plan.',
  },
  'plan-input-invalid': {
    cause: 'A file that the plan of the migration names cannot be read as what it must be',
    cure: 'Make the file again as the documentation of the step says, or correct its name in the plan.',
  },
  'step-unknown': {
    cause: 'There is no such migration step',
    cure: 'See `sealward migrate status` for the steps and their names.',
  },
  'step-not-due': {
    cause: 'The migration step is not due in the present state of the project',
    cure: 'Run or undo the steps before it first; `sealward migrate status` shows which.',
  },
  'step-check-failed': {
    cause: 'A check of the migration step failed',
    cure: 'Do what the finding says, then run the step again; what was done already is not done twice.',
  },
  'issuer-not-covered': {
    cause: 'Licences in use were issued by a key that no export of the plan holds',
    cure: 'Export the trusted publishing domain of that key, archived ones included, and add it to the plan.',
  },
  'key-path-unsupported': {
    cause: 'There is no supported way for this key to the tenant',
    cure: 'Move the key to a supported module with its supplier, or plan the cluster as a read-only source.',
  },
  'key-in-other-tenant': {
    cause: 'The key was imported into another tenant before',
    cure: 'Import a key into one tenant only, and undo the other import if it was a mistake; `--share-key` lets both have it.',
  },
  'step-role-missing': {
    cause: 'The plan of the migration gives this step to somebody else',
    cure: 'Let one of the people named run it, or add a name to the roles of the plan.',
  },
  'approval-missing': {
    cause: 'The step needs the approval of a second person',
    cure: 'Ask with `sealward approval ask`, and let somebody else approve within 24 hours.',
  },
  'approval-refused': {
    cause: 'The approval cannot be given',
    cure: 'Let another person than the asker approve, within 24 hours, for the plan as it is now.',
  },
  'undo-refused': {
    cause: 'The step cannot be undone in the present state of the project',
    cure: 'Undo the later steps first; `sealward migrate status` shows the way back and what it costs.',
  },
  'report-not-genuine': {
    cause: 'The migration report is not the one that the project signed',
    cure: 'Write the report again from the project, and compare the public key of the project.',
  },
  'redirection-plan-invalid': {
    cause: 'The plan of redirections cannot be used',
    cure: 'Correct what is named; the plan is JSON with tenantUrl, clusterUrls, batch and version.',
  },
  'redirection-url-blank': {
    cause: 'An address holds a blank, a line break or an invisible character',
    cure: 'Type the address again instead of pasting it; clients would compare the blank as well and never match.',
  },
  'redirection-url-quote': {
    cause: 'An address holds a quotation mark',
    cure: 'Give the address without quotation marks.',
  },
  'redirection-url-not-ascii': {
    cause: 'An address holds a character outside ASCII',
    cure: 'Type the address again; the character may only look like the right one. Write international names in their xn-- form.',
  },
  'redirection-url-scheme': {
    cause: 'An address has the wrong scheme',
    cure: 'Begin the address of a cluster with http:// or https://, and that of the tenant with https://.',
  },
  'redirection-url-host': {
    cause: 'An address has no valid host or port',
    cure: 'Give the host as a full or short name with an optional port, for example rms.lakeside.example:443.',
  },
  'redirection-url-trailing-dot': {
    cause: 'The host of an address ends in a full stop',
    cure: 'Leave the full stop out; licences name their server without it, so no client would match.',
  },
  'redirection-url-path': {
    cause: 'The path of an address is none of a rights management service',
    cure: 'Give the licensing URL, which ends in /_wmcs/licensing, or scheme and host alone.',
  },
  'redirection-url-malformed': {
    cause: 'An address is empty, too long, or has a user, a query or a fragment',
    cure: 'Give scheme, host, port and path only.',
  },
  'redirection-loop': {
    cause: 'An address of a cluster is the address of the tenant',
    cure: 'Leave it out: redirected to itself it would never be answered.',
  },
  'script-version-invalid': {
    cause: 'The version of the scripts is not a day written as YYYYMMDD',
    cure: 'Give the day of the roll-out, and raise it when the scripts shall run again.',
  },
  'batch-name-invalid': {
    cause: 'The name of the batch cannot be written into every script',
    cure: 'Use up to 64 letters of ASCII, digits, blanks, full stops, underscores and hyphens.',
  },
  'script-text-refused': {
    cause: 'A text cannot be quoted in this script language',
    cure: 'Take quotation marks and control characters out of it.',
  },
  'client-check-invalid': {
    cause: 'The file is not an answer of the check script',
    cure: 'Run the check script on that computer again, and collect the file as it was written.',
  },
  // Command line, sample, rehearsal
  'parser-gave-up': {
    cause: 'The file could not be read within the limits for one file',
    cure: 'Look at the file by itself with `sealward inspect`; it is damaged, or made to stop programs that read it.',
  },
  'tree-limit-exceeded': {
    cause: 'The folder is deeper or larger than the limits for one run',
    cure: 'Name a part of the folder.',
  },
  'option-invalid': {
    cause: 'An option has a value that it cannot have',
    cure: 'See the help of the command for the values it takes.',
  },
  'anchor-file-invalid': {
    cause: 'The file does not hold a root key',
    cure: 'Name a JSON file with the base64 modulus of the root key, as `sealward sample` writes it.',
  },
  'key-not-exported': {
    cause: 'No given export holds the key that opens this document',
    cure: 'Export the trusted publishing domain of the cluster that the licence names, with its private key, and run again.',
  },
  'secret-missing': {
    cause: 'A secret is needed and none was given',
    cure: 'Name a file that holds it in its first line, give - to read standard input, or run the command in a terminal.',
  },
  'service-missing': {
    cause: 'No service is named',
    cure: 'Give its address with --service, or the file that describes it with --connection.',
  },
  'connection-file-invalid': {
    cause: 'The connection file cannot be read',
    cure: 'Name a file as `sealward start` writes it: JSON with service, anchors and redirections.',
  },
  'data-directory-missing': {
    cause: 'There is no data directory of a service',
    cure: 'Name it with --data, or make one with `sealward start`, `sealward tenant create` or `sealward tpd import`.',
  },
  'port-not-usable': {
    cause: 'The service cannot listen on its port',
    cure: 'Stop what listens there, or choose another port.',
  },
  'demonstration-failed': {
    cause: 'The running service did not do what it must',
    cure: 'Report it; delete the data directory to begin again.',
  },
  'usage-invalid': {
    cause: 'The command is not called like this',
    cure: 'Add --help to see what it takes, with examples.',
  },
  'secret-as-value': {
    cause: 'A secret was given as the value of a parameter, where other programs and the history of the shell see it',
    cure: 'Change that secret; give the parameter without a value to be asked, or name a file with its first line.',
  },
  'cmdlet-unknown': {
    cause: 'There is no cmdlet of this name',
    cure: 'Check its spelling; docs/cmdlets.md lists all names.',
  },
  'cmdlet-not-available': {
    cause: 'What the cmdlet asks for is not in this version',
    cure: 'Use what the detail names instead.',
  },
  'not-connected': {
    cause: 'No service is connected',
    cure: 'Connect with Connect-AadrmService or Connect-AipService, or name the service with -Service or -Data.',
  },
  'confirmation-missing': {
    cause: 'The command changes something, and nobody can be asked without a terminal',
    cure: 'Look at the plan with --dry-run, then give --yes; with cmdlets -WhatIf, then -Force.',
  },
  'not-confirmed': {
    cause: 'The plan was not confirmed',
    cure: 'Nothing was changed; run the command again when the plan is right.',
  },
  interrupted: {
    cause: 'The work was interrupted',
    cure: 'Run the command again; nothing was left half done.',
  },
  'file-mode-loose': {
    cause: 'Others may read or change what is for the service alone',
    cure: 'Give files mode 600 and folders mode 700, for the account that the service runs as.',
  },
  'log-head-broken': {
    cause: 'The end of a log is not the one that the service wrote',
    cure: 'Run `sealward log verify`, which names the row; compare with a backup or an export.',
  },
  'limit-raised': {
    cause: 'A limit is higher than the standard one, with which the service is tried',
    cure: 'Lower it again, unless genuine documents need it; the page of the service lists the standard limits.',
  },
  'disk-space-low': {
    cause: 'There is little room left beside the database',
    cure: 'Make room before it is full: without it no decision can be recorded, and nothing is issued.',
  },
  'clock-wrong': {
    cause: 'Two clocks differ by more than two minutes',
    cure: 'Let the machine and what it is compared with follow the same time service, then look again.',
  },
  'directory-groups-hidden': {
    cause: 'The directory shows no group to the reading account',
    cure: 'Let the account read groups and their members, and check baseDn.',
  },
  'scp-missing': {
    cause: 'The forest names no cluster, so Windows clients find none by it',
    cure: 'Register this one with `sealward scp register`.',
  },
  'scp-elsewhere': {
    cause: 'The service connection point of the forest leads to another cluster',
    cure: 'Once clients shall move, register this one with `sealward scp register --foreign`.',
  },
  'service-record-missing': {
    cause: 'No service record leads from the domain to the service',
    cure: 'Add the SRV record that is named, with the host of the service and its port.',
  },
  'service-record-elsewhere': {
    cause: 'The service record of the domain leads to another host',
    cure: 'Let the SRV record name the host of this service, unless the other one is meant to answer.',
  },
  'listener-certificate-name': {
    cause: 'The certificate of the listener is not for the name by which clients reach it',
    cure: 'Use a certificate with this name among its subject alternative names.',
  },
  'listener-certificate-expired': {
    cause: 'The certificate of the listener is not valid now',
    cure: 'Check the clock, then renew the certificate and start the service again.',
  },
  'listener-certificate-untrusted': {
    cause: 'This machine does not trust the certificate of the listener',
    cure: 'Use a certificate of an authority that clients trust, with its intermediate certificates in certificateFile; name a private authority with --ca-file.',
  },
  'client-authority-ends': {
    cause: 'An authority of client certificates is not valid now, or ends within 30 days',
    cure: 'Add its successor to the authoritiesFile that is named and renew the certificates of the servers; remove it when it has ended.',
  },
  'token-issuer-differs': {
    cause: 'An identity provider does not call itself as the configuration does',
    cure: 'Write its issuer into the configuration character by character, or every token of it is refused.',
  },
  'check-too-long': {
    cause: 'A check did not end in time',
    cure: 'Run it alone with --only; something that it asks does not answer.',
  },
  'file-not-usable': {
    cause: 'A file or folder cannot be used',
    cure: 'Check the path, the permissions and the free space.',
  },
  defect: {
    cause: 'A defect of the program',
    cure: 'Report it with the command that you ran; SEALWARD_DEBUG=1 shows where it happened.',
  },
  'sample-directory-not-empty': {
    cause: 'The directory for the sample is not empty',
    cure: 'Name a new or empty directory; a sample is never written over other files.',
  },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof errorCatalogue
