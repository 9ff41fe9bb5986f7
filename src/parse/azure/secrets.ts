/**
 * Whether a key is one that Azure and its tools keep secrets under. Names, addresses and versions of secrets are none,
 * and say much: `keyVaultSecretId`, `secretName`.
 */
export function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key);
}

/** Whether a text holds a secret by its own form: connection strings, signed addresses, private keys, tokens. */
export function isSecretText(text: string): boolean {
  return text.length >= SHORTEST && SECRET_TEXT.test(text);
}

/** Which entries of the `properties` of a resource hold secrets because of its type; undefined for most types. */
export function secretEntriesOf(type: string, name: string): RegExp | undefined {
  if (SECRET_VALUE_TYPE.test(type)) return /^value$/i;
  // Each setting is an entry of its own, under a name that the user chose.
  return /^microsoft\.web\/sites(?:\/slots)?\/config$/i.test(type) && /^(?:appsettings|connectionstrings)$/i.test(name)
    ? /^/
    : undefined;
}

const SECRET_VALUE_TYPE =
  /\/(?:vaults\/secrets|automationaccounts\/variables|configurationstores\/keyvalues|service\/namedvalues)$/i;

const SECRET_KEY =
  /(?:password|passphrase|pwd|connectionstrings?|primarykey|secondarykey|accountkey|accesskey|sharedkey|masterkey|storagekey|storageaccountkey|privatekey|apikey|authkey|authorizationkey|instrumentationkey|sastoken|accesstoken|clientsecret|secret|secrets|credential|credentials|pfxblob|protectedsettings|customdata|userdata|administratorloginpassword|securevalue|publishingprofile|kubeconfig|kubeconfigs|token|sasuri|sasurl|saskey|subscriptionkey|functionkey|adminkey|querykey|commandtoexecute|(?<![a-z])env|environmentvariables)$/i;

const SHORTEST = 8;
const SECRET_TEXT =
  /(?:accountkey|sharedaccesskey|sharedaccesssignature|password|pwd|client_?secret)\s*=\s*[^;\s]|[?&]sig=[^&\s]|-----BEGIN [A-Z ]*PRIVATE KEY-----|(?<![\w-])ey[\w-]{10,}\.ey[\w-]{10,}\.|:\/\/[^/\s:@]+:[^/\s:@]+@/i;
