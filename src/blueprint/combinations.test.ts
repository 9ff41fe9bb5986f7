import { describe, expect, test } from 'vitest';
import { brokenIn } from '#model/blueprint.ts';
import { type EstateReading, readEstate } from '#parse/azure/read-estate.ts';
import { blueprintFiles, proofInput } from './blueprint.ts';
import { type Choices, type Form, PAID_FEATURES } from './choices/choices.ts';
import { EXAMPLE } from './choices/example.ts';
import { readChoices } from './choices/read-choices.ts';
import { refusalsOf } from './choices/refusals.ts';
import { type Options, type Pick, pairwise } from './pairwise.test-support.ts';
import { prove } from './proof/prove.ts';

const SWITCH = ['true', 'false'];

const OPTIONS: Options = {
  platform: ['aks', 'azure-local', 'arc'],
  wayIn: ['public', 'internal', 'none'],
  waf: ['application-gateway', 'containers', 'front-door'],
  apiGateway: SWITCH,
  engine: ['cilium', 'calico'],
  mesh: ['none', 'istio', 'linkerd', 'cilium'],
  link: ['none', 'vpn', 'expressroute'],
  topology: ['hub-spoke', 'single'],
  apiServer: ['private-link', 'vnet-integration'],
  ...Object.fromEntries(PAID_FEATURES.map((feature) => [feature, SWITCH])),
};

const LINKS: Readonly<Record<string, Choices['onPremises']>> = {
  none: { link: 'none', ranges: [], gateways: [] },
  vpn: { link: 'vpn', ranges: ['192.168.0.0/16'], gateways: ['203.0.113.1', '203.0.113.2'] },
  expressroute: { link: 'expressroute', ranges: ['192.168.0.0/16'], gateways: [] },
};

const BASE = readChoices({ file: 'blueprint.yaml', text: EXAMPLE }).choices!;

function choicesOf(pick: Pick): Choices {
  const { link, platform, wayIn, waf, apiGateway, engine, mesh, topology, apiServer } = pick;
  return {
    ...BASE,
    ...({ platform, wayIn, waf, engine, mesh, topology, apiServer } as Choices),
    apiGateway: apiGateway === 'true',
    onPremises: LINKS[link!]!,
    adminRanges: link === 'none' ? [] : ['192.168.1.0/24'],
    teams: BASE.teams.map((team) => ({
      ...team,
      namespaces: team.namespaces.map((each) => ({
        ...each,
        services: each.services.length > 0 ? ['postgresql', 'sql', 'storage', 'service-bus', 'redis'] : [],
      })),
    })),
    paid: Object.fromEntries(PAID_FEATURES.map((feature) => [feature, pick[feature] === 'true'])) as Choices['paid'],
  };
}

const ROWS = pairwise(OPTIONS, (pick) => refusalsOf(choicesOf(pick)).length === 0);

function reading(choices: Choices, form: Form): EstateReading {
  const files = blueprintFiles({ ...choices, forms: [form] });
  return readEstate([...files].filter(([file]) => file.startsWith('azure/')).map(([file, text]) => ({ file, text })));
}

/** Names of assignments are hashes, and each form has a hash of its own. Subnets are parts of networks, or resources. */
function namesIn({ estate }: EstateReading): readonly string[] {
  return [...estate.resources.values()]
    .filter(({ type }) => !/virtualNetworks\/subnets/i.test(type))
    .map(({ type, name }) => (type.endsWith('roleAssignments') ? type : `${type} ${name}`))
    .sort();
}

/** Everything that the environment promises, on its own texts. */
function brokenOf(choices: Choices): readonly string[] {
  const only: Choices = { ...choices, forms: ['arm'] };
  const files = proofInput(only, blueprintFiles(only));
  const proof = prove({ choices: only, files, today: '2026-11-21', version: 'test' });
  expect(proof.invariants.length).toBeGreaterThan(5);
  return brokenIn(proof);
}

describe('pairs of choices', () => {
  test('stand together in some row wherever they can', () => {
    expect(ROWS.length).toBeGreaterThan(10);
    expect(ROWS.some(({ platform, link }) => platform === 'arc' && link === 'expressroute')).toBe(true);
    expect(ROWS.some(({ waf, engine }) => waf === 'front-door' && engine === 'calico')).toBe(true);
  });

  test.each(ROWS.map((row) => [Object.values(row).join(' '), row] as const))(
    '%s',
    (_, row) => {
      const choices = choicesOf(row);
      const [arm, terraform] = [reading(choices, 'arm'), reading(choices, 'terraform')];
      for (const { diagnostics } of [arm, terraform])
        expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(namesIn(terraform)).toEqual(namesIn(arm));
      const subnets = ({ estate }: EstateReading) => estate.subnets.map(({ key }) => key).sort();
      expect(subnets(terraform)).toEqual(subnets(arm));
      expect(brokenOf(choices)).toEqual([]);
    },
    60_000,
  );
});
