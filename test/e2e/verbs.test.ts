import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, test } from 'vitest';
import { denyAll, folderWith, pod, ROOT, removeFolders, runCli, TWO_PODS } from './run-cli.ts';

afterAll(removeFolders);

const SHOP = 'examples/shop';
const BROKEN = `${TWO_PODS}---\nkind: Pod\n  broken: [\n`;
const INVARIANTS = (state: string) => `
apiVersion: ringfence.dev/v1
kind: Invariants
metadata: {name: shop}
invariants:
  - name: web reaches db
    ${state}: {from: shop/web, to: shop/db, ports: ["5432/TCP"]}
`;
/** A verdict that a field we do not know makes unknown. */
const UNKNOWN = `${pod('shop', 'web')}${pod('shop', 'db')}apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: shop, name: db}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelectr: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
`;
/** With labels and addresses so full that nothing about it is open. */
const SETTLED = `${pod('shop', 'web')}${pod('shop', 'db')}`;

/** Admits what is in a block of addresses, pods and nodes included under most engines. */
const BLOCK = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: shop, name: db}
spec: {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}
`;
const STAGED = `apiVersion: projectcalico.org/v3
kind: StagedNetworkPolicy
metadata: {namespace: shop, name: deny}
spec: {selector: all(), types: [Ingress, Egress]}
`;
const NETWORK = {
  id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/hub',
  type: 'Microsoft.Network/virtualNetworks',
  name: 'hub',
  properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } },
};

function addressed(app: string, ip: string): string {
  return pod('shop', app).replace('}}\n---', `}, status: {podIPs: [{ip: ${ip}}]}}\n---`);
}

const FILES = {
  'settled/a.yaml': SETTLED,
  'two/a.yaml': TWO_PODS,
  'broken/a.yaml': BROKEN,
  'unknown/a.yaml': UNKNOWN,
  'closed/a.yaml': `${SETTLED}${denyAll('shop')}`,
  'block/a.yaml': `${addressed('web', '10.1.0.1')}${addressed('db', '10.1.0.2')}${BLOCK}`,
  'staged/a.yaml': `${SETTLED}${STAGED}`,
  'cloud/net.json': JSON.stringify([NETWORK]),
  'holds.yaml': INVARIANTS('always'),
  'fails.yaml': INVARIANTS('never'),
  'typo.yaml': INVARIANTS('nevr'),
};
const folder = folderWith(FILES);

type Case = readonly [args: string, code: number, out: RegExp, err: RegExp];

const ANSWERS: readonly Case[] = [
  ['map settled', 0, /who can reach whom/, /^$/],
  ['map broken', 3, /who can reach whom/, /error\[RF1001\][\s\S]*broken\/a\.yaml/],
  ['map broken --allow-unknown', 0, /who can reach whom/, /RF1001/],
  ['map unknown', 3, /unread-field/, /RF2013/],
  ['map unknown --allow-unknown -q', 0, /unread-field/, /^$/],
  ['map two -o csv', 0, /^from,to,/, /^engine: upstream/],
  ['map two -o csv -q', 0, /^from,to,/, /^$/],
  ['map two -n shop --fold always', 0, /ns:shop/, /^$/],
  ['map two --filter to:*/db', 0, /1 of 8 connections, the others left out[\s\S]*to shop\/db\n/, /^$/],
  ['map two --filter form:x', 2, /^$/, /did you mean `from`/],
  ['map two --protocol icmp', 3, /protocol-undefined/, /^$/],
  ['can shop/web shop/db 5432 two', 0, /ALLOWED/, /^$/],
  ['can shop/web shop/db 80 two', 1, /DENIED/, /^$/],
  ['can shop/web shop/db --port 80/TCP two', 1, /DENIED/, /^$/],
  ['can web db 5432 two -n shop', 0, /ALLOWED/, /^$/],
  ['can shop/web shop/db two', 0, /allowed: TCP 5432/, /^$/],
  ['can shop/web shop/db 5432 unknown', 3, /UNKNOWN/, /not shown/],
  ['can shop/web shop/db 5432 unknown --allow-unknown', 0, /UNKNOWN/, /not shown/],
  ['can shop/web shop/db 5432 broken', 3, /ALLOWED/, /RF1001/],
  ['can shop/web shop/db 80 broken', 1, /DENIED/, /RF1001/],
  ['can ns:shop shop/db 5432 two', 1, /MIXED|ALLOWED|DENIED/, /^$/],
  ['expose two', 0, /what the outside can reach/, /^$/],
  ['expose two -n shop -o json', 0, /expose\/v1/, /^$/],
  ['expose two --filter scope:internet', 0, /no front door in the input/, /^$/],
  ['diff settled closed --filter change:opened', 1, /^0 of \d+ changed connections, the others left out/, /^$/],
  ['diff settled closed --filter to:*/db', 1, /shop\/Deployment\/db|shop\/Pod\/db/, /^$/],
  ['diff two two', 0, /no connection changed/, /^$/],
  ['diff settled closed', 1, /closed/, /^$/],
  ['diff settled closed --fail-on opened', 0, /closed/, /^$/],
  ['diff closed settled --fail-on opened,invariant', 1, /opened/, /^$/],
  ['diff two closed --invariants holds.yaml --fail-on invariant', 1, /web reaches db/, /^$/],
  ['test two --invariants holds.yaml', 0, /1 holds?/, /^$/],
  ['test two --invariants fails.yaml', 1, /broken/, /^$/],
  ['test two --invariants typo.yaml', 1, /invalid/, /RF5001/],
  ['test unknown --invariants holds.yaml', 3, /unknown/, /not shown/],
  ['policies two', 0, /NetworkPolicy shop\/db/, /^$/],
  ['map settled --encryption', 0, /who can reach whom/, /^$/],
  ['can shop/web shop/db 5432 two --http /orders', 0, /ALLOWED/, /^$/],
  ['map staged --staged', 0, /all other pairs denied|no connection/, /RF4001/],
  ['migrate --from calico --to cilium settled', 0, /no verdict changes/, /RF4009/],
  [
    'migrate --from calico --to cilium block',
    1,
    /ip-block-and-pods[\s\S]*every connection keeps its verdict/,
    /RF4009/,
  ],
  ['migrate --from calico --to cilium block -o yaml', 1, /namespaceSelector: \{\}/, /RF4009/],
  ['migrate --from calico --to calico two', 2, /^$/, /the engine is `calico` already/],
  ['can shop/web azure:none 443 settled --azure cloud', 2, /^$/, /no cloud resource `none`/],
  ['can shop/web 203.0.113.9 443 settled --azure cloud', 3, /ALLOWED/, /RF5110/],
  ['can shop/web 203.0.113.9 443 settled --azure missing', 2, /^$/, /does not exist/],
  ['translate --to calico settled', 0, /nothing was translated/, /0 policies translated to calico/],
  ['translate --to calico two', 0, /# from NetworkPolicy shop\/db two\/a\.yaml:5/, /no verdict changed/],
  ['translate --to calico two -q', 0, /kind: NetworkPolicy/, /^$/],
  ['translate --to cilium two -o json', 0, /translate\/v1/, /^$/],
  ['translate --to calico unknown', 1, /nothing was translated/, /not-read[\s\S]*unknown\/a\.yaml:\d+\n/],
  ['translate --to kubernetes two', 0, /nothing was translated/, /1 kept/],
  ['explain RF2008', 0, /invalid port/, /^$/],
  ['explain own-node', 0, /own node/, /^$/],
  ['explain --all', 0, /RF9001[\s\S]*backends-unknown/, /^$/],
  ['controls', 0, /CP-TLS-001[\s\S]*\d+ controls/, /^$/],
  ['controls CP-TLS-001', 0, /what to do[\s\S]*cis-kubernetes/, /^$/],
  ['controls cp -o md', 0, /\| `CP-CFG-001` \|/, /^$/],
  ['controls ING-SVC-002 --export gatekeeper', 0, /^---\napiVersion: templates\.gatekeeper\.sh\/v1/, /^$/],
  ['controls ING-SVC-002 --export azure-policy', 0, /"mode": "Microsoft\.Kubernetes\.Data"/, /^$/],
  ['controls NET-POL-001 --export admission-policy', 1, /^$/, /NET-POL-001 is not exported: it is judged by more/],
  ['completion bash', 0, /complete -o default/, /^$/],
  ['completion zsh', 0, /compdef/, /^$/],
  ['completion fish', 0, /complete -c ringfence/, /^$/],
  ['--version', 0, /^\d+\.\d+\.\d+\n$/, /^$/],
  ['--help', 0, /verbs/, /^$/],
  ['help can', 0, /FROM TO/, /^$/],
  ['snapshot', 0, /snapshot take/, /^$/],
];

const REFUSALS: readonly Case[] = [
  ['mpa', 2, /^$/, /error: `mpa` is not a verb\nhint: did you mean `map`\?/],
  ['-o json map', 2, /^$/, /comes before the verb/],
  ['map --fodl never', 2, /^$/, /hint: did you mean `--fold`\?/],
  ['map two -o jsn', 2, /^$/, /no output format `jsn` here\nhint: did you mean `json`/],
  ['map two -o', 2, /^$/, /--output needs a value/],
  ['map two --engine cilum', 2, /^$/, /it takes `upstream`/],
  ['map two --pod-cidr 10.0.0', 2, /^$/, /is not a CIDR/],
  ['map two --max-file-size many', 2, /^$/, /is not a size/],
  ['map two --protocol tpc', 2, /^$/, /is not a protocol/],
  ['map two -n shpo', 2, /^$/, /no namespace `shpo`[\s\S]*`shop`/],
  ['map missing', 2, /^$/, /`missing` does not exist/],
  ['map two --config none.yaml', 2, /^$/, /cannot be read/],
  ['can shop/web', 2, /^$/, /`can` needs FROM TO[\s\S]*usage:/],
  ['can shop/wbe shop/db 80 two', 2, /^$/, /did you mean .*`shop\/web`/],
  ['can shop/web shop/db 99999 two', 2, /^$/, /error: /],
  ['can shop/web shop/db 80x two', 2, /^$/, /`80x` does not exist/],
  ['can a b 80 two --portt 5', 2, /^$/, /did you mean `--port`/],
  ['diff two', 2, /^$/, /`diff` needs BASE HEAD/],
  ['diff two two --fail-on nothing', 2, /^$/, /--fail-on/],
  ['diff git:no-such-revision two', 2, /^$/, /git|RF1011/],
  ['test two', 2, /^$/, /there are no invariants/],
  ['explain RF208', 2, /^$/, /did you mean `RF2008`/],
  ['explain', 2, /^$/, /needs a CODE/],
  ['controls CP-TLS-01', 2, /^$/, /did you mean `CP-TLS-001`/],
  ['completion bsh', 2, /^$/, /did you mean `bash`/],
  ['doctor now', 2, /^$/, /takes no arguments/],
  ['snapshot take two', 2, /^$/, /needs --out FILE/],
  ['snapshot export two/a.yaml', 2, /^$/, /is not a snapshot/],
  ['map --frobnicate=', 2, /^$/, /not an option/],
];

describe.each([
  ['answers', ANSWERS],
  ['refusals', REFUSALS],
])('%s', (_title, cases) => {
  test.concurrent.each(cases)('%s → %i', async (args, code, out, err) => {
    const run = await runCli(args.split(' '), { cwd: folder });
    expect(run.err).toMatch(err);
    expect(run.out).toMatch(out);
    expect(run.code).toBe(code);
  });
});

describe('the shop of the examples', () => {
  test.concurrent.each([
    ['can shop-frontend/web shop-backend/api 8080', 0],
    ['can shop-backend/cart shop-data/redis 6379', 1],
    ['can 198.51.100.7 shop-frontend/web 8080', 0],
    ['can internet shop-backend/payments 8443', 0],
    ['can shop-backend/payments 169.254.169.254 80', 1],
    ['can shop-backend/api monitoring/node-exporter 9100', 3],
    ['map', 3],
    ['policies', 0],
    ['test', 1],
    ['diff examples/shop', 0],
  ])('%s → %i', async (args, code) => {
    const run = await runCli([...args.split(' '), SHOP]);
    expect(run).toMatchObject({ code });
    expect(run.out).not.toBe('');
  });
});

describe('JSON is valid by the published schemas', () => {
  test.concurrent.each([
    ['map', `map ${SHOP}`],
    ['map', `map ${SHOP} --ingress`],
    ['map', `map ${SHOP} --fold always`],
    ['path', `can internet shop-frontend/web 8080 ${SHOP}`],
    ['path', `can shop-backend/api monitoring/node-exporter 9100 ${SHOP}`],
    ['expose', `expose ${SHOP}`],
    ['diff', `diff ${SHOP}/data ${SHOP}`],
    ['test', `test ${SHOP}`],
    ['policies', `policies ${SHOP}`],
    ['migrate', `migrate --from azure-npm-linux --to cilium ${SHOP}`],
    ['path', 'can shop/web azure:kv-shop-prod 443 examples/estate/manifests --azure examples/estate/arm'],
    ['translate', `translate --to calico ${SHOP}`],
    ['translate', `translate --to cilium ${SHOP}`],
    ['explain', 'explain --all'],
    ['controls', 'controls'],
    ['doctor', 'doctor'],
    ['snapshots', 'snapshot list examples'],
  ])('%s: %s', async (name, args) => {
    const run = await runCli([...args.split(' '), '-ojson']);
    const schema: unknown = JSON.parse(readFileSync(join(ROOT, 'schemas', `${name}.v1.schema.json`), 'utf8'));
    const ajv = new Ajv2020({ allErrors: true });
    ajv.validate(schema as object, JSON.parse(run.out));
    expect(ajv.errors).toBeNull();
  });

  test('diagnostics are in the JSON and on standard error', async () => {
    const run = await runCli(['map', 'broken', '-o', 'json'], { cwd: folder });
    expect(JSON.parse(run.out)).toMatchObject({ diagnostics: [{ code: 'RF1001', origin: { file: 'broken/a.yaml' } }] });
    expect(run.err).toMatch(/RF1001/);
  });
});

describe('every example of every --help', () => {
  // `doctor` is slow and has a test of its own; `serve` does not end by itself.
  test('parses, and those about examples/shop answer', async () => {
    const overview = await runCli(['--help']);
    const verbs = [...overview.out.matchAll(/^ {2}((?:snapshot )?[a-z]+) {2,}/gm)].map((match) => match[1]!);
    expect(verbs.length).toBeGreaterThan(10);
    for (const verb of verbs.filter((name) => !['doctor', 'serve'].includes(name))) {
      const help = await runCli([...verb.split(' '), '--help']);
      const commands = [...help.out.matchAll(/^ {2}ringfence (.*)$/gm)].map((match) => match[1]!);
      expect(commands.length, verb).toBeGreaterThan(0);
      for (const command of commands.filter((text) => text.includes('examples/shop') && !/git:|--out/.test(text))) {
        const { code, err } = await runCli(command.replace(/ > .*/, '').split(' '));
        expect([0, 1, 3], `${command}: ${err}`).toContain(code);
      }
    }
  }, 60_000);
});
