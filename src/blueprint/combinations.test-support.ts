import { expect } from 'vitest';
import { brokenIn } from '#model/blueprint.ts';
import { blueprintFiles, proofInput } from './blueprint.ts';
import { type Choices, PAID_FEATURES } from './choices/choices.ts';
import { EXAMPLE } from './choices/example.ts';
import { readChoices } from './choices/read-choices.ts';
import { refusalsOf } from './choices/refusals.ts';
import { type Options, type Pick, pairwise } from './pairwise.test-support.ts';
import { prove } from './proof/prove.ts';

const SWITCH = ['true', 'false'];

export const OPTIONS: Options = {
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

/** Rows in which every two choices that may stand together do. What is paid for contradicts nothing in the public cloud. */
export function rowsOfPairs(): readonly Pick[] {
  const isAllowed = (pick: Pick) => refusalsOf(choicesOf(pick)).length === 0;
  return pairwise(OPTIONS, { isAllowed, free: new Set(PAID_FEATURES) });
}

const LINKS: Readonly<Record<string, Choices['onPremises']>> = {
  none: { link: 'none', ranges: [], gateways: [] },
  vpn: { link: 'vpn', ranges: ['192.168.0.0/16'], gateways: ['203.0.113.1', '203.0.113.2'] },
  expressroute: { link: 'expressroute', ranges: ['192.168.0.0/16'], gateways: [] },
};

const BASE = readChoices({ file: 'blueprint.yaml', text: EXAMPLE }).choices!;

export function choicesOf(pick: Pick): Choices {
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

/** Everything that the environment promises, on its own texts. */
export function brokenOf(choices: Choices): readonly string[] {
  const only: Choices = { ...choices, forms: ['arm'] };
  const files = proofInput(only, blueprintFiles(only));
  const proof = prove({ choices: only, files, today: '2026-11-21', version: 'test' });
  expect(proof.invariants.length).toBeGreaterThan(5);
  return brokenIn(proof);
}
