import { describe, expect, test } from 'vitest';
import { analyseSnapshot } from '#analysis/analysis.ts';
import { CONTROLS } from '#analysis/controls/controls.ts';
import { contextFor } from '#analysis/controls/make-context.ts';
import { egressOf } from '#analysis/egress/egress.ts';
import { NO_CONTROL_SETTINGS } from '#model/control-settings.ts';
import { aroundOneCluster } from '#parse/azure/one-cluster.ts';
import { type EstateReading, readEstate } from '#parse/azure/read-estate.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { blueprintFiles } from './blueprint.ts';
import { type Choices, type Form, PAID_FEATURES } from './choices/choices.ts';
import { EXAMPLE } from './choices/example.ts';
import { readChoices } from './choices/read-choices.ts';
import { refusalsOf } from './choices/refusals.ts';
import { type Options, type Pick, pairwise } from './pairwise.test-support.ts';
import { lossesOf } from './plan/lost.ts';

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

function analysisOf({ estate }: EstateReading) {
  const snapshot = snapshotOf([], { objects: true });
  return analyseSnapshot({ ...snapshot, azure: aroundOneCluster(estate, undefined).estate });
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
      const accepted = new Set(lossesOf(choices).flatMap(({ controls }) => controls));
      const analysis = analysisOf(arm);
      const context = contextFor({ analysis, settings: NO_CONTROL_SETTINGS, today: '2026-11-21', kind: 'manifests' });
      const found = CONTROLS.flatMap((control) => {
        const { state } = control.assess(context);
        return (state === 'FAIL' || state === 'WARN') && !accepted.has(control.data.id) ? [control.data.id] : [];
      });
      expect(found).toEqual([]);
      const closed = egressOf(analysis).required.filter(
        ({ need, verdict }) => need === 'required' && verdict === 'denied',
      );
      expect(closed.map(({ destination }) => destination)).toEqual([]);
    },
    60_000,
  );
});
