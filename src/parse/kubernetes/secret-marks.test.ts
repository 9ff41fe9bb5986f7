import { describe, expect, test } from 'vitest';
import { secretKindIn } from '#model/object.ts';
import { markSecrets } from './secret-marks.ts';

const PEM_BODY = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC';
const key = (kind: string) => `-----BEGIN ${kind}PRIVATE KEY-----\n${PEM_BODY}\n-----END ${kind}PRIVATE KEY-----`;
/** Put together here, so that no scanner of repositories takes them for real ones. */
const glued = (...parts: readonly string[]) => parts.join('');
const STORAGE_KEY = `${'Ab3/'.repeat(21)}Ab==`;
const JWT = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'c2lnbmF0dXJlLXBhcnQ'].join('.');

describe('by shape', () => {
  test.each([
    [key(''), '[secret: private-key]'],
    [`a\n${key('RSA ')}\nb`, 'a\n[secret: private-key]\nb'],
    [`${key('EC ')}\n${key('OPENSSH ')}`, '[secret: private-key]\n[secret: private-key]'],
    [`-----BEGIN PRIVATE KEY-----\n${PEM_BODY}`, '[secret: private-key]'],
    [btoa(key('')), '[secret: private-key]'],
    [btoa(key('RSA ')), '[secret: private-key]'],
    [btoa(key('EC ')), '[secret: private-key]'],
    [btoa(key('ENCRYPTED ')), '[secret: private-key]'],
    [glued('AKIA', 'ABCDEFGHIJKLMNOP'), '[secret: cloud-access-key]'],
    [glued('AIza', 'a'.repeat(35)), '[secret: cloud-access-key]'],
    [glued('abc8', 'Q~', 'd'.repeat(34)), '[secret: cloud-access-key]'],
    [glued('ghp_', 'a'.repeat(36)), '[secret: token]'],
    [glued('xoxb-', '1234567890-abcdef'), '[secret: token]'],
    [JWT, '[secret: jwt]'],
    [`-H "Authorization: Bearer ${'a1'.repeat(12)}"`, '-H "Authorization: Bearer [secret: token]"'],
    [
      `DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=${STORAGE_KEY};EndpointSuffix=core.windows.net`,
      'DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=[secret: storage-key];EndpointSuffix=core.windows.net',
    ],
    [
      'Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=c29tZXRoaW5nLXNlY3JldA==',
      'Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=[secret: connection-string]',
    ],
    ['postgres://app:s3cr3t@db.shop:5432/shop', 'postgres://app:[secret: connection-string]@db.shop:5432/shop'],
    ['redis://:s3cr3t@cache:6379', 'redis://:[secret: connection-string]@cache:6379'],
    [
      'https://a.blob.core.windows.net/c?sv=2022&sig=abcdefghijklmnopqrstuv%3D',
      'https://a.blob.core.windows.net/c?sv=2022&sig=[secret: storage-key]',
    ],
    ['Server=db;User Id=sa;Password=Pa55word!;', 'Server=db;User Id=sa;Password=[secret: password];'],
  ])('%s', (text, expected) => {
    expect(markSecrets(text, { field: '' })).toBe(expected);
    expect(markSecrets(expected, { field: '' })).toBe(expected);
  });
});

describe('by the name of the field', () => {
  test.each([
    ['DB_PASSWORD', 'hunter2', 'password'],
    ['PGPASSWORD', 'postgres', 'password'],
    ['redisPass', 'changeme', 'password'],
    ['MYSQL_ROOT_PASSWORD_1', '123456', 'password'],
    ['clientSecret', 'super-secret-value', 'password'],
    ['SLACK_TOKEN', 'a8Fk2Lq09XzPw', 'token'],
    ['API_KEY', 'k3y-of-mine', 'token'],
    ['apikey', 'abcdef', 'token'],
    ['AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYzzzzzzz', 'cloud-access-key'],
    ['STORAGE_KEY', STORAGE_KEY, 'storage-key'],
  ])('%s', (field, text, kind) => {
    const marked = markSecrets(text, { field });
    expect(marked).toBe(`[secret: ${kind}]`);
    expect(secretKindIn(marked)).toBe(kind);
  });

  test.each([
    ['DB_PASSWORD', ''],
    ['DB_PASSWORD', '$(OTHER)'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what tools of deployment fill in
    ['DB_PASSWORD', '${OTHER}'],
    ['DB_PASSWORD', '{{ .Values.password }}'],
    ['DB_PASSWORD', '<your password>'],
    ['DB_PASSWORD', 'YOUR_PASSWORD'],
    ['DB_PASSWORD', '/run/secrets/db'],
    ['DB_PASSWORD', 'false'],
    ['DB_PASSWORD', '[dropped]'],
    ['DB_PASSWORD_FILE', 'hunter2'],
    ['TOKEN_TTL', '24h'],
    ['MAX_TOKEN', '4096'],
    ['SECRET_NAME', 'db'],
    ['nginx.ingress.kubernetes.io/auth-secret', 'shop/basic-auth'],
    ['KEY', 'value'],
    ['public-api-key', '12'],
    ['ALLOW_EMPTY_PASSWORD', 'yes'],
    ['TOKEN_URL', 'https://login.example.com/token'],
    ['CLIENT_SECRET', 'https://vault.example.com/secrets/a'],
    ['proxy_pass', 'http://web'],
  ])('%s says nothing with %s', (field, text) => {
    expect(markSecrets(text, { field })).toBe(text);
  });
});

describe('by names within a text', () => {
  test.each([
    ['--password=hunter2', '--password=[secret: password]'],
    ['mysql --password hunter2 -u root', 'mysql --password [secret: password] -u root'],
    ['user: app\npassword: "hunter2"\n', 'user: app\npassword: "[secret: password]"\n'],
    ['{"clientSecret": "abc-DEF-123"}', '{"clientSecret": "[secret: password]"}'],
    ['spring.datasource.password=hunter2', 'spring.datasource.password=[secret: password]'],
    ['requirepass hunter2', 'requirepass [secret: password]'],
    ['jdbc:mysql://db/shop?user=app&password=hunter2', 'jdbc:mysql://db/shop?user=app&password=[secret: password]'],
  ])('%s', (text, expected) => {
    expect(markSecrets(text, { field: 'application.conf' })).toBe(expected);
  });

  test.each([
    '# password: hunter2',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what tools of deployment fill in
    'password: ${DB_PASSWORD}',
    'bearer_token_file: /var/run/token',
    'const password = process.env.PASSWORD;',
    'token = request.token',
    'secretName: shop-tls',
    'secret: shop-tls',
    '--token-auth-file=/etc/tokens',
    '--service-account-key-file=/etc/kubernetes/pki/sa.pub',
    'postgres://app:$(PASSWORD)@db',
    'http://web.shop:8080/@me',
    'image: registry.example.com/web:1@sha256:0123',
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----',
    'type: password',
    'password: string',
  ])('%s stays', (text) => {
    expect(markSecrets(text, { field: 'application.conf' })).toBe(text);
  });
});

test.each(['eyJ', 'password', '-----BEGIN PRIVATE KEY', 'a://', ' ', 'xox', 'a:', '"auth"'])(
  'a long text of %j ends',
  (part) => {
    expect(markSecrets(part.repeat(50_000), { field: 'password' })).toBeTypeOf('string');
  },
);
