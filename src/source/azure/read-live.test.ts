import { ClientSecretCredential } from '@azure/identity';
import { afterEach, describe, expect, test } from 'vitest';
import type { AzureEstate } from '#model/azure/estate.ts';
import { readEstate } from '#parse/azure/read-estate.ts';
import { bundleOf, bundleText, openBundle } from '../bundle.ts';
import {
  CLIENT_SECRET,
  CREDENTIAL,
  error,
  type FakeAzure,
  fakeAzure,
  graph,
  OTHER,
  type Rule,
  row,
  SUB,
  subscription,
  TOKEN,
} from './fake-azure.test-support.ts';
import { GRAPH_QUERIES } from './queries.ts';
import { type AzureLive, type AzureLiveReading, readAzureLive } from './read-live.ts';
import type { Credential } from './token.ts';

const open: FakeAzure[] = [];
afterEach(async () => {
  for (const azure of open.splice(0)) await azure.close();
});

interface Run {
  readonly azure: FakeAzure;
  readonly reading: AzureLiveReading;
}

async function live(rule: Rule, options: Partial<AzureLive> = {}): Promise<Run> {
  const azure = await fakeAzure(rule);
  open.push(azure);
  const wanted = { subscriptions: [SUB], managementGroups: [], credential: CREDENTIAL };
  const reading = await readAzureLive({ ...wanted, endpoint: azure.endpoint, sleep: azure.sleep, ...options });
  return { azure, reading };
}

function read({ reading }: Run) {
  if (reading.kind !== 'ok') expect.fail(reading.message);
  return { ...reading, estate: readEstate(reading.files).estate };
}

function said(run: Run): string[] {
  return read(run).diagnostics.map(({ code, severity, message }) => `${code} ${severity} ${message}`);
}

const VNET = row('Microsoft.Network/virtualNetworks', 'hub', { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } });
const SUBNET = `${String(VNET['id'])}/subnets/aks`;
const CLUSTER = row('Microsoft.ContainerService/managedClusters', 'shop', {
  agentPoolProfiles: [{ name: 'system', count: 3, vnetSubnetID: SUBNET }],
});
const ENDPOINT = row('Microsoft.Network/privateEndpoints', 'vault', { subnet: { id: SUBNET } });
const NIC = row('Microsoft.Network/networkInterfaces', 'vm', {
  virtualMachine: { id: '/subscriptions/x/vm' },
  ipConfigurations: [{ name: 'one', properties: { subnet: { id: SUBNET } } }],
});

describe('a live read', () => {
  test('asks one question for each table, in the order of ids, of the subscriptions', async () => {
    const { azure } = await live(() => undefined);
    const asked = azure.requests.filter(({ table }) => table !== '');
    expect(asked.map(({ table }) => table).sort()).toEqual(GRAPH_QUERIES.map(({ table }) => table).sort());
    for (const { body, path } of asked) {
      expect(path).toBe('/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01');
      expect(body).toMatchObject({ subscriptions: [SUB], options: { $top: 1000, resultFormat: 'objectArray' } });
      expect(body['query']).toMatch(/ \| project id, type, name, .*, properties \| order by id asc$/);
    }
    expect(new Set(azure.requests.map(({ authorization }) => authorization))).toEqual(new Set([`Bearer ${TOKEN}`]));
  });

  test('follows pages', async () => {
    const pages: Rule = ({ table, body }) => {
      if (table !== 'resources') return undefined;
      const token = (body['options'] as Record<string, unknown>)['$skipToken'];
      if (token === undefined) return graph([VNET], { totalRecords: 2, resultTruncated: 'true', $skipToken: 'next' });
      return token === 'next' ? graph([ENDPOINT], { totalRecords: 2 }) : graph([]);
    };
    const run = await live(pages);
    expect(read(run).estate).toMatchObject({ networks: [{ name: 'hub' }], privateEndpoints: [{ name: 'vault' }] });
    expect(said(run)).toEqual([]);
  });

  test('asks ARM for what Resource Graph lacks, and reads it like the rest', async () => {
    const zone = `/subscriptions/${SUB}/resourceGroups/net/providers/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net`;
    const group = {
      id: `${String(ENDPOINT['id'])}/privateDnsZoneGroups/default`,
      name: 'default',
      properties: { privateDnsZoneConfigs: [{ name: 'vault', properties: { privateDnsZoneId: zone } }] },
    };
    const setting = {
      id: `${String(CLUSTER['id'])}/providers/microsoft.insights/diagnosticSettings/audit`,
      name: 'audit',
      properties: { logs: [{ category: 'kube-audit', enabled: true }] },
    };
    const tags = { name: 'Storage', id: 'Storage', properties: { region: '', addressPrefixes: ['20.38.98.0/24'] } };
    const run = await live(({ table, path }) => {
      if (table === 'resources') return graph([VNET, CLUSTER, ENDPOINT]);
      if (path.includes('/privateDnsZoneGroups')) return { body: { value: [group] } };
      if (path.includes('/diagnosticSettings')) return { body: { value: [setting] } };
      return path.includes('/serviceTags') ? { body: { changeNumber: '99', values: [tags] } } : undefined;
    });
    const { estate } = read(run);
    expect(estate.privateEndpoints[0]?.zones).toEqual([zone.toLowerCase()]);
    expect(estate.resources.get(setting.id.toLowerCase())?.type.toLowerCase()).toBe(
      'microsoft.insights/diagnosticsettings',
    );
    expect(estate.serviceTags.get('storage')).toHaveLength(1);
    const path = run.azure.requests.find((each) => each.path.includes('serviceTags'))?.path;
    expect(path).toContain(`/subscriptions/${SUB}/providers/Microsoft.Network/locations/westeurope/serviceTags`);
    expect(said(run)).toEqual([]);
  });

  test('asks for what comes with what ARM gave', async () => {
    const profile = { ...row('Microsoft.Cdn/profiles', 'edge'), sku: { name: 'Premium_AzureFrontDoor' } };
    const classic = { ...row('Microsoft.Cdn/profiles', 'old'), sku: { name: 'Standard_Microsoft' } };
    const endpoint = row('Microsoft.Cdn/profiles/afdEndpoints', 'edge/shop', { hostName: 'shop.azurefd.net' });
    const child = (parent: unknown, type: string, name: string, properties: unknown) => ({
      id: `${String((parent as Record<string, unknown>)['id'])}/${type.split('/').at(-1)}/${name}`,
      type,
      name,
      properties,
    });
    const group = child(profile, 'Microsoft.Cdn/profiles/originGroups', 'aks', {});
    const origin = child(group, 'Microsoft.Cdn/profiles/originGroups/origins', 'one', { hostName: '20.1.2.3' });
    const route = child(endpoint, 'Microsoft.Cdn/profiles/afdEndpoints/routes', 'all', {
      originGroup: { id: group.id },
    });
    const run = await live(({ table, path }) => {
      if (table === 'resources') return graph([profile, classic, endpoint]);
      if (path.includes('/origins?')) return { body: { value: [origin] } };
      if (path.includes('/originGroups?')) return { body: { value: [group] } };
      return path.includes('/routes?') ? { body: { value: [route] } } : undefined;
    });
    const { resources } = read(run).estate;
    for (const { id } of [group, origin, route]) expect(resources.has(id.toLowerCase())).toBe(true);
    expect(run.azure.requests.filter(({ path }) => path.includes('/old/'))).toEqual([]);
    expect(said(run)).toEqual([]);
  });

  test('finds subscriptions by name, and asks management groups as such', async () => {
    const { azure } = await live(() => undefined, { subscriptions: ['production'], managementGroups: ['corp'] });
    const bodies = azure.requests.filter(({ table }) => table === 'resources').map(({ body }) => body);
    expect(bodies).toEqual([
      expect.objectContaining({
        managementGroups: ['corp'],
        options: expect.objectContaining({ allowPartialScopes: true }),
      }),
      expect.objectContaining({ subscriptions: [SUB] }),
    ]);
  });

  test('goes through the real client of @azure/identity', async () => {
    const azure = await fakeAzure(({ path }) =>
      path.includes('/oauth2/v2.0/token')
        ? { body: { token_type: 'Bearer', expires_in: 3600, access_token: TOKEN } }
        : undefined,
    );
    open.push(azure);
    const credential = new ClientSecretCredential(OTHER, 'client', CLIENT_SECRET, {
      authorityHost: 'https://login.example',
      disableInstanceDiscovery: true,
      httpClient: {
        // Its authority must be https; the server of the test is not.
        async sendRequest(request) {
          const url = request.url.replace('https://login.example', azure.endpoint);
          if (request.url.includes('openid-configuration')) return respond(request, OPENID, 200);
          const got = await fetch(url, { method: request.method, body: String(request.body) });
          return respond(request, await got.text(), got.status);
        },
      },
    });
    const wanted = { subscriptions: [SUB], managementGroups: [], credential };
    const reading = await readAzureLive({ ...wanted, endpoint: azure.endpoint, sleep: azure.sleep });
    expect(reading.kind).toBe('ok');
    expect(azure.requests.filter(({ path }) => path.includes('/token'))).toHaveLength(1);
    expect(azure.requests.at(-1)?.authorization).toBe(`Bearer ${TOKEN}`);
  });
});

const OPENID = JSON.stringify({
  issuer: `https://login.example/${OTHER}/v2.0`,
  authorization_endpoint: `https://login.example/${OTHER}/oauth2/v2.0/authorize`,
  token_endpoint: `https://login.example/${OTHER}/oauth2/v2.0/token`,
  jwks_uri: `https://login.example/${OTHER}/discovery/v2.0/keys`,
});

type HttpClient = NonNullable<NonNullable<ConstructorParameters<typeof ClientSecretCredential>[3]>['httpClient']>;
type HttpRequest = Parameters<HttpClient['sendRequest']>[0];

async function respond(request: HttpRequest, bodyAsText: string, status: number) {
  return { request, status, headers: request.headers, bodyAsText };
}

describe('a server that asks for fewer requests', () => {
  test.each([
    ['Retry-After in seconds', { 'retry-after': '7' }, 7000],
    ['the reset of the quota', { 'x-ms-user-quota-resets-after': '00:00:05' }, 5000],
    ['the later of both', { 'retry-after': '2', 'x-ms-user-quota-resets-after': '00:01:00' }, 60_000],
    ['never more than five minutes', { 'retry-after': '86400' }, 300_000],
    ['neither', {}, 1000],
    ['a date that is past', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, undefined],
    ['nonsense', { 'retry-after': 'soon', 'x-ms-user-quota-resets-after': 'later' }, 1000],
  ])('is heeded: %s', async (_name, headers, wait) => {
    const run = await live(({ table, before }) => {
      if (table !== 'resources') return undefined;
      return before === 0 ? { ...error(429, 'RateLimiting', 'slow down'), headers } : graph([VNET]);
    });
    expect(run.azure.sleeps).toEqual(wait === undefined ? [] : [wait]);
    expect(read(run).estate.networks).toHaveLength(1);
    expect(said(run)).toEqual([]);
  });

  test('is waited for before the next page where the quota is used up', async () => {
    const headers = { 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': '00:00:04' };
    const run = await live(({ table, body }) => {
      if (table !== 'resources') return undefined;
      const first = !JSON.stringify(body).includes('$skipToken');
      return first
        ? { ...graph([VNET], { totalRecords: 2, $skipToken: 'b' }), headers }
        : graph([ENDPOINT], { totalRecords: 2 });
    });
    expect(run.azure.sleeps).toEqual([4000]);
    expect(said(run)).toEqual([]);
  });

  test('and goes on doing so is given up on, and the rest is read', async () => {
    const run = await live(({ table }) => {
      if (table === 'networkresources')
        return { ...error(429, 'RateLimiting', 'slow down'), headers: { 'retry-after': '3' } };
      return table === 'resources' ? graph([VNET]) : undefined;
    });
    expect(run.azure.sleeps).toEqual([3000, 3000, 3000, 3000, 3000]);
    expect(read(run).estate.networks).toHaveLength(1);
    expect(said(run)).toEqual([
      `RF5122 error \`networkresources\` of subscription \`${SUB}\` cannot be read: Azure asks for fewer requests: RateLimiting: slow down`,
    ]);
  });
});

describe('what is missing is named, and hides nothing else', () => {
  const two: Rule = ({ path }) =>
    path.startsWith('/subscriptions?')
      ? { body: { value: [subscription(SUB, 'a'), subscription(OTHER, 'b')] } }
      : undefined;

  test('a subscription that may not be read', async () => {
    const rule: Rule = (asked) => {
      const list = asked.body['subscriptions'] as string[] | undefined;
      if (list?.includes(OTHER) === true) return error(403, 'AuthorizationFailed', 'no');
      return asked.table === 'resources' ? graph([VNET]) : two(asked);
    };
    const run = await live(rule, { subscriptions: [SUB, OTHER] });
    expect(read(run).estate.networks).toHaveLength(1);
    expect(said(run)).toContain(
      `RF5121 error \`resources\` of subscription \`${OTHER}\` may not be read: AuthorizationFailed: no`,
    );
    expect(said(run)).toContain(
      `RF5121 warning \`policyresources\` of subscription \`${OTHER}\` may not be read: AuthorizationFailed: no`,
    );
  });

  test('a subscription that cannot be seen, which Resource Graph leaves out without a word', async () => {
    const run = await live(({ table }) => (table === 'resources' ? graph([VNET]) : undefined), {
      subscriptions: [SUB, OTHER],
    });
    expect(said(run)).toEqual([`RF5121 error subscription \`${OTHER}\` cannot be seen with these credentials`]);
    const asked = run.azure.requests.find(({ table }) => table === 'resources');
    expect(asked?.body['subscriptions']).toEqual([SUB]);
  });

  test('subscriptions of a management group that cannot be seen', async () => {
    const child = (id: string) => ({ id: `/subscriptions/${id}`, type: '/subscriptions', name: id });
    const run = await live(
      ({ path }) => (path.includes('/descendants') ? { body: { value: [child(SUB), child(OTHER)] } } : undefined),
      { subscriptions: [], managementGroups: ['corp'] },
    );
    expect(said(run)).toEqual([
      `RF5121 error 1 of 2 subscriptions of management group \`corp\` (\`${OTHER}\`) cannot be seen with these credentials`,
    ]);
  });

  test.each([
    [
      'rows that are announced and do not come',
      graph([VNET], { totalRecords: 5 }),
      /are not complete: Azure gave 1 of 5 rows/,
    ],
    [
      'a result that is cut',
      graph([VNET], { resultTruncated: 'true' }),
      /are not complete: Azure says that the result is cut/,
    ],
    [
      'more subscriptions than Azure answers about',
      { ...graph([VNET]), headers: { 'x-ms-tenant-subscription-limit-hit': 'true' } },
      /are not complete: there are more subscriptions/,
    ],
  ])('%s', async (_name, told, expected) => {
    const run = await live(({ table }) => (table === 'resources' ? told : undefined));
    expect(read(run).estate.networks).toHaveLength(1);
    expect(said(run)).toEqual([expect.stringMatching(expected)]);
    expect(said(run)[0]).toMatch(/^RF5123 error `resources`/);
  });

  test.each([
    ['a page that comes again and again', graph([VNET], { $skipToken: 'same' }), /the same page comes again/, 1],
    ['rows without ids', graph([VNET, { id: 7 }, 'x']), /2 of 3 rows are no resources/, 1],
    ['a row that nests without end', graph([VNET, { ...ENDPOINT, properties: nested(400) }]), /1 of 2 rows/, 1],
    ['no rows', { body: { data: 'x' } }, /the answer has no rows/, 0],
    ['HTML', { body: '<html>proxy</html>' }, /the answer is not JSON/, 0],
    ['an array', { body: [1] }, /the answer is not JSON/, 0],
    ['a redirect', { status: 302, headers: { location: 'https://evil.example/' }, body: {} }, /status 302/, 0],
  ])('nonsense: %s', async (_name, told, expected, networks) => {
    const run = await live(({ table }) => {
      if (table === 'resources') return told;
      return table === 'dnsresources' ? graph([row('Microsoft.Network/privateDnsZones/A', 'z/a')]) : undefined;
    });
    expect(read(run).estate.networks).toHaveLength(networks);
    expect(read(run).estate.dnsRecords).toHaveLength(1);
    expect(said(run)).toEqual([expect.stringMatching(/^RF5122 error `resources`/)]);
    expect(said(run)[0]).toMatch(expected);
  });

  test('a page that is too slow', async () => {
    const rule: Rule = ({ table }) => {
      if (table === 'dnsresources') return { hangs: true };
      return table === 'resources' ? graph([VNET]) : undefined;
    };
    const run = await live(rule, { timeout: 100 });
    expect(run.azure.sleeps).toEqual([1000, 2000, 4000, 8000, 16_000]);
    expect(said(run)).toEqual([expect.stringMatching(/^RF5122 error `dnsresources`.*no answer within 1 seconds/)]);
  });

  test('a server error that goes away is tried again', async () => {
    const run = await live(({ table, before }) => {
      if (table !== 'resources') return undefined;
      return before < 2 ? error(503, 'ServerBusy', 'busy') : graph([VNET]);
    });
    expect(run.azure.sleeps).toEqual([1000, 2000]);
    expect(said(run)).toEqual([]);
  });

  test('what ARM denies is told once, and not asked for every resource', async () => {
    const endpoints = Array.from({ length: 50 }, (_, index) => row('Microsoft.Network/privateEndpoints', `pe${index}`));
    const run = await live(({ table, path }) => {
      if (table === 'resources') return graph(endpoints);
      return path.includes('/privateDnsZoneGroups') ? error(403, 'AuthorizationFailed', 'no') : undefined;
    });
    expect(said(run)).toEqual([
      'RF5121 error DNS zone groups of `pe0`, `pe1`, `pe2` and 47 more may not be read: AuthorizationFailed: no',
    ]);
  });

  test('what controls need of the subscription of a cluster is asked once, and is no error where it is denied', async () => {
    const clusters = ['a', 'b'].map((name) => row('Microsoft.ContainerService/managedClusters', name));
    const own = `/subscriptions/${SUB}/providers/Microsoft.Insights/`;
    const run = await live(({ table, path }) => {
      if (table === 'resources') return graph(clusters);
      return path.startsWith(`${own}diagnosticSettings`) ? error(403, 'AuthorizationFailed', 'no') : undefined;
    });
    expect(run.azure.requests.filter(({ path }) => path.startsWith(own))).toHaveLength(2);
    expect(said(run)).toEqual([
      `RF5121 warning settings of the activity log of \`${SUB}\` may not be read: AuthorizationFailed: no`,
    ]);
  });

  test('a next page on another host is not asked, for the token would go there', async () => {
    const run = await live(({ table, path }) => {
      if (table === 'resources') return graph([VNET, ENDPOINT]);
      return path.includes('/privateDnsZoneGroups')
        ? { body: { value: [], nextLink: 'https://evil.example/next' } }
        : undefined;
    });
    expect(said(run)).toEqual([expect.stringMatching(/^RF5122 error DNS zone groups of `vault`.*not one of its own/)]);
  });
});

describe('what others refer to and was not read', () => {
  const far = `/subscriptions/${OTHER}/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/far`;
  const near = String(VNET['id']).replace(/virtualNetworks.*/, 'networkSecurityGroups/hidden');
  const spoke = row('Microsoft.Network/virtualNetworks', 'spoke', {
    subnets: [{ name: 'aks', properties: { networkSecurityGroup: { id: near }, addressPrefix: '10.1.0.0/24' } }],
    virtualNetworkPeerings: [
      { name: 'hub', properties: { remoteVirtualNetwork: { id: far } } },
      { name: 'wan', properties: { remoteVirtualNetwork: { id: far.replace(/far$/, 'HV_hub_1234') } } },
      { name: 'seen', properties: { remoteVirtualNetwork: { id: String(VNET['id']).toUpperCase() } } },
    ],
    note: far.replace('virtualNetworks/far', 'somethingElse/x'),
  });
  const rule: Rule = ({ table }) => (table === 'resources' ? graph([VNET, spoke]) : undefined);
  const expected = [
    `RF5125 warning \`hidden\` of subscription \`${SUB}\`: others refer to them, and they were not read`,
    `RF5125 warning \`far\` of subscription \`${OTHER}\`, which is not read: others refer to them, and they were not read`,
  ];

  test('is told, by subscription', async () => {
    const run = await live(rule);
    expect(said(run)).toEqual(expected);
    expect(read(run).diagnostics[1]?.help).toBe(`add --azure \`${OTHER}\``);
  });

  test('is told for management groups too, whose subscriptions are those that rows come from', async () => {
    const run = await live(rule, { subscriptions: [], managementGroups: ['corp'] });
    expect(said(run)).toEqual(expected);
  });
});

describe('admin rules', () => {
  const manager = row('Microsoft.Network/networkManagers', 'avnm');
  const configuration = `${String(manager['id'])}/securityAdminConfigurations/base`;
  const adminRule = { ...row('Microsoft.Network/x', 'r'), id: `${configuration}/ruleCollections/c/rules/r` };
  const status = (deploymentStatus: string, region = 'West Europe') => ({
    deploymentStatus,
    region,
    deploymentType: 'SecurityAdmin',
    configurationIds: [configuration],
  });
  const base: Rule = ({ table }) => {
    if (table === 'resources') return graph([VNET, manager]);
    return table === 'networkresources' ? graph([adminRule]) : undefined;
  };
  const asking = (pages: readonly unknown[]): Rule => {
    let page = 0;
    return (asked) => (asked.path.includes('/listDeploymentStatus') ? { body: pages[page++] } : base(asked));
  };

  test('are in force where their manager says so', async () => {
    const run = await live(
      asking([{ value: [status('Deployed')], skipToken: 'b' }, { value: [status('Deployed', 'northeurope')] }]),
    );
    expect(read(run).estate.adminCommits).toMatchObject([
      { kind: 'SecurityAdmin', regions: ['westeurope'], configurations: [configuration.toLowerCase()] },
      { kind: 'SecurityAdmin', regions: ['northeurope'] },
    ]);
    const bodies = run.azure.requests.filter(({ path }) => path.includes('/listDeployment')).map(({ body }) => body);
    expect(bodies).toEqual([
      { regions: ['westeurope'], deploymentTypes: ['SecurityAdmin'] },
      { regions: ['westeurope'], deploymentTypes: ['SecurityAdmin'], skipToken: 'b' },
    ]);
    expect(said(run)).toEqual([]);
  });

  test.each<[string, Rule]>([
    ['a deployment is on its way', asking([{ value: [status('Deployed'), status('Deploying', 'northeurope')] }])],
    ['pages come again', asking(Array.from({ length: 9 }, () => ({ value: [status('Deployed')], skipToken: 'a' })))],
    ['the answer is none', asking([{}])],
    ['it is denied', (asked) => (asked.path.includes('/list') ? error(403, 'AuthorizationFailed', 'no') : base(asked))],
  ])('stay open, with a warning, where %s', async (_name, rule) => {
    const run = await live(rule);
    expect(read(run).estate.adminCommits).toEqual([]);
    expect(said(run)).toEqual([expect.stringMatching(/^RF512[12] warning what network manager `avnm` put into force/)]);
  });

  test('are not asked about where there are none', async () => {
    const run = await live(({ table }) => (table === 'resources' ? graph([VNET, manager]) : undefined));
    expect(run.azure.requests.filter(({ path }) => path.includes('/listDeployment'))).toEqual([]);
  });
});

describe('effective rules', () => {
  const rules = { value: [{ networkSecurityGroup: { id: 'x' }, effectiveSecurityRules: [] }] };
  const base: Rule = ({ table }) => (table === 'resources' ? graph([VNET, CLUSTER, NIC]) : undefined);

  test('are kept where they may be read, once the operation has ended', async () => {
    const run = await live((asked) => {
      if (/effective(?:NetworkSecurityGroups|RouteTable)/.test(asked.path))
        return { status: 202, headers: { location: '/later', 'retry-after': '9' } };
      if (asked.path === '/later')
        return asked.before === 0 ? { status: 202, headers: { location: '/later' } } : { body: rules };
      return base(asked);
    });
    expect(run.azure.sleeps.slice(0, 2)).toEqual([9000, 5000]);
    const key = `${String(NIC['id'])}/effectiveNetworkSecurityGroups/effective`.toLowerCase();
    expect(read(run).estate.resources.has(key)).toBe(true);
    expect(said(run)).toEqual([]);
  });

  test('are not needed: a denial is told and asked once', async () => {
    const run = await live((asked) =>
      asked.path.includes('/effective') ? error(403, 'AuthorizationFailed', 'no') : base(asked),
    );
    expect(said(run)).toEqual([expect.stringMatching(/^RF5124 info effective rules/)]);
    expect(run.azure.requests.filter(({ path }) => path.includes('/effective'))).toHaveLength(1);
  });
});

describe('Azure is out of reach', () => {
  const why = async (rule: Rule, options: Partial<AzureLive>) => {
    const { reading } = await live(rule, options);
    return reading.kind === 'unreachable' ? reading : expect.fail('it was reached');
  };

  test.each<[string, () => Promise<never>, RegExp]>([
    ['no credentials', async () => fail('CredentialUnavailableError', 'az was not found'), /there are no credentials/],
    [
      'a code',
      async () => fail('AuthenticationError', `AADSTS7000215: bad ${CLIENT_SECRET}`),
      /failed: AADSTS7000215$/,
    ],
    ['no network', async () => fail('AuthenticationError', 'getaddrinfo ENOTFOUND x'), /is out of reach/],
  ])('%s', async (_name, getToken, expected) => {
    const { message, hint } = await why(() => undefined, { credential: { getToken } });
    expect(message).toMatch(expected);
    expect(message + hint).not.toContain(CLIENT_SECRET);
  });

  test('a credential without a token', async () => {
    expect((await why(() => undefined, { credential: { getToken: async () => null } })).message).toMatch(
      /no credentials/,
    );
  });

  test('a token that is not taken', async () => {
    const { message } = await why(() => error(401, 'InvalidAuthenticationToken', `bad ${TOKEN}`), {});
    expect(message).toMatch(/cannot be reached.*InvalidAuthenticationToken/);
    expect(message).not.toContain(TOKEN);
  });

  test('nobody answers', async () => {
    const { message } = await why(() => undefined, { endpoint: 'http://127.0.0.1:9' });
    expect(message).toMatch(/^Azure cannot be reached at `http:\/\/127\.0\.0\.1:9`/);
  });

  test('no such subscription', async () => {
    const { message } = await why(() => undefined, { subscriptions: ['staging\u001b[2J'] });
    expect(message).toBe('the credentials can see no subscription `staging\\u{1b}[2J`');
  });

  test('a name that several subscriptions have', async () => {
    const twins: Rule = ({ path }) =>
      path.startsWith('/subscriptions?')
        ? { body: { value: [subscription(SUB, 'Twin'), subscription(OTHER, 'twin')] } }
        : undefined;
    const { message, hint } = await why(twins, { subscriptions: ['twin'] });
    expect(message).toBe('2 subscriptions are called `twin`');
    expect(hint).toContain(OTHER);
  });

  test('everything is denied', async () => {
    const { message } = await why(
      ({ table }) => (table === '' ? undefined : error(403, 'AuthorizationFailed', 'no')),
      {},
    );
    expect(message).toMatch(/^nothing of Azure can be read.*AuthorizationFailed/);
  });
});

function fail(name: string, message: string): never {
  const trouble = new Error(message);
  trouble.name = name;
  throw trouble;
}

describe('a token that runs out', () => {
  test('is renewed once when Azure does not take it any more', async () => {
    let given = 0;
    const credential: Credential = {
      getToken: async () => ({ token: `${TOKEN}${++given}`, expiresOnTimestamp: Date.now() + 3_600_000 }),
    };
    const run = await live(
      (asked) => {
        if (asked.authorization.endsWith('1') && asked.table !== '')
          return error(401, 'ExpiredAuthenticationToken', 'x');
        return asked.table === 'resources' ? graph([VNET]) : undefined;
      },
      { credential },
    );
    expect(read(run).estate.networks).toHaveLength(1);
    expect(said(run)).toEqual([]);
    expect(given).toBe(2);
  });
});

describe('secrets', () => {
  const secrets = [
    'hunter2',
    'QWNjb3VudEtleQ',
    'c2FzLXNpZw',
    'Ym9vdCBzY3JpcHQ',
    'cHJlc2hhcmVk',
    'sk-1234567890',
    TOKEN,
  ];
  const [password, key, sig, userData, shared, api] = secrets as [string, string, string, string, string, string];
  const leaky = [
    row('Microsoft.Compute/virtualMachineScaleSets', 'pool', {
      virtualMachineProfile: {
        userData,
        osProfile: {
          customData: userData,
          adminPassword: password,
          linuxConfiguration: { disablePasswordAuthentication: true },
        },
        extensionProfile: { extensions: [{ name: 'e', properties: { settings: { commandToExecute: `run ${api}` } } }] },
      },
    }),
    row('Microsoft.Network/connections', 'vpn', { sharedKey: shared, connectionType: 'IPsec' }),
    row('Microsoft.Storage/storageAccounts', 'st', {
      note: `DefaultEndpointsProtocol=https;AccountName=st;AccountKey=${key}==`,
      link: `https://st.blob.core.windows.net/x?sv=1&sig=${sig}`,
      proxy: `http://user:${password}@proxy:3128`,
      primaryKey: key,
      apiKey: api,
      bearer: TOKEN,
      env: [{ name: 'ANYTHING', value: api }],
    }),
  ];
  const rule: Rule = ({ table }) => {
    if (table === 'resources') return graph([...leaky, VNET]);
    if (table === 'dnsresources')
      return error(
        400,
        'BadRequest',
        `you sent Authorization: Bearer ${TOKEN} and client_secret=${CLIENT_SECRET} with sig=${sig}`,
      );
    return undefined;
  };

  test('are in no diagnostic, estate or snapshot', async () => {
    const run = await live(rule);
    const { diagnostics, estate, files } = read(run);
    expect(diagnostics).toHaveLength(1);
    const snapshot = captured(estate, diagnostics);
    for (const secret of [...secrets, CLIENT_SECRET]) {
      expect(JSON.stringify(diagnostics)).not.toContain(secret);
      expect(snapshot).not.toContain(secret);
      expect(
        JSON.stringify(
          [...estate.resources.values()].map(({ body }) => [...body.entries]),
          mapsToo,
        ),
      ).not.toContain(secret);
    }
    expect(files.map(({ text }) => text).join('')).not.toContain(CLIENT_SECRET);
    expect(snapshot).toContain('disablePasswordAuthentication');
  });
});

function mapsToo(_key: string, value: unknown): unknown {
  return value instanceof Map ? [...value] : value;
}

const FACTS = { ringfence: '0', taken: '2026-01-01T00:00:00.000Z', from: ['x'] };

function captured(azure: AzureEstate, diagnostics: Parameters<typeof bundleOf>[1] = []): string {
  return [...bundleText(bundleOf([], diagnostics, { ...FACTS, azure }))].join('');
}

describe('a live read that was captured', () => {
  test('replays to an equal estate', async () => {
    const nsg = row('Microsoft.Network/networkSecurityGroups', 'aks', {
      securityRules: [
        {
          name: 'web',
          properties: {
            direction: 'Inbound',
            access: 'Allow',
            priority: 100,
            protocol: 'Tcp',
            sourceAddressPrefix: 'Internet',
            sourcePortRange: '*',
            destinationAddressPrefix: '10.0.0.0/24',
            destinationPortRange: '443',
          },
        },
      ],
    });
    const odd = row('Microsoft.Network/routeTables', 'rt', {
      routes: [],
      10: 'integer keys come first',
      2: null,
      $unsettled: 'a key of a user',
      password: 'hunter2',
      __proto__x: { deep: [[1, 2.5], [], {}, true] },
    });
    const tags = { name: 'Storage.WestEurope', properties: { addressPrefixes: ['20.38.98.0/24', '2603:1020::/32'] } };
    const run = await live(({ table, path }) => {
      if (table === 'resources') return graph([VNET, CLUSTER, ENDPOINT, NIC, nsg, odd]);
      return path.includes('/serviceTags') ? { body: { changeNumber: '99', values: [tags] } } : undefined;
    });
    const { estate, diagnostics } = read(run);
    const text = captured(estate, diagnostics);
    const opened = openBundle({ file: 'kept.json', text });
    expect(opened.files).toEqual([]);
    expect(opened.diagnostics).toEqual(diagnostics);
    const again = readEstate(opened.azure);
    expect(again.diagnostics).toEqual([]);
    expect(again.estate).toEqual(estate);
    // And once more, from what was replayed.
    expect(captured(again.estate, diagnostics)).toBe(text);
  });
});

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = { in: value };
  return value;
}
