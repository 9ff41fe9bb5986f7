import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyseSnapshot } from '#analysis/analysis.ts';
import { worldForNames } from '#analysis/path/names.ts';
import { pathOf } from '#analysis/path/path.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import { readEstate } from '#parse/azure/read-estate.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import type { SourceText } from '#parse/text/node.ts';

const FOLDER = 'examples/estate';
const FORMS = ['arm', 'terraform', 'resource-graph'] as const;

describe('the estate of the examples', () => {
  test.each(FORMS.slice(1))('%s says the same as the template', (form) => {
    expect(plain(estateIn(form))).toEqual(plain(estateIn('arm')));
  });

  const questions: readonly (readonly [from: string, to: string, verdict: string, decider: string])[] = [
    ['shop/web', 'dns:api.partner.com', 'allowed', 'firewall-egress partners'],
    ['shop/web', 'dns:example.com', 'denied', 'route-egress rt-apps/default'],
    ['shop/web', 'azure:kv-shop-prod', 'allowed', 'service-ingress private endpoint pe-vault'],
    ['shop/web', 'azure:acrshopprod', 'denied', 'service-ingress publicNetworkAccess'],
    ['203.0.113.7', 'apiserver', 'denied', 'service-ingress enablePrivateCluster'],
  ];

  test.each(questions)('%s to %s is %s in every form, by the same rules', (from, to, verdict, decider) => {
    const answers = FORMS.map((form) => {
      const manifests = filesIn('manifests', ['.yaml']);
      const snapshot = { ...snapshotOf(manifests), azure: estateIn(form) };
      const analysis = analyseSnapshot(snapshot, { world: worldForNames([from, to], snapshot.azure) });
      const result = pathOf(analysis, { from, to, port: '443' });
      if (result.kind === 'problem') throw new Error(result.message);
      return result.answer;
    });
    const told = answers.map(({ verdict: own, hops }) => ({
      verdict: own,
      deciders: hops.flatMap(({ layer, rules }) =>
        rules.filter(({ decides }) => decides).map(({ rule }) => `${layer} ${rule}`),
      ),
    }));
    expect(told[0]!.verdict).toBe(verdict);
    expect(told[0]!.deciders.join('\n')).toContain(decider.split(' ').at(-1));
    for (const each of told.slice(1)) expect(each).toEqual(told[0]);
  });
});

function filesIn(folder: string, endings: readonly string[]): SourceText[] {
  return readdirSync(join(FOLDER, folder))
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .sort()
    .map((name) => ({ file: join(FOLDER, folder, name), text: readFileSync(join(FOLDER, folder, name), 'utf8') }));
}

function estateIn(form: string): AzureEstate {
  return readEstate(filesIn(form, ['.json', '.tf'])).estate;
}

/** What an estate means: without places in files, without what only a running resource has, names in place of ids. */
function plain(estate: AzureEstate): unknown {
  const { resources: _, ...lists } = estate;
  return JSON.parse(
    JSON.stringify(lists, (key, value) => {
      if (
        [
          'origin',
          'unsettled',
          'path',
          'id',
          'type',
          'tags',
          'resourceGroup',
          'state',
          'location',
          'privateAddress',
          'address',
        ].includes(key)
      )
        return undefined;
      if (value instanceof Map) return [...value];
      if (typeof value === 'bigint') return `${value}`;
      if (typeof value === 'string' && value.startsWith('/subscriptions/')) return value.split('/providers/').at(-1);
      return Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null && 'key' in each)
        ? value.toSorted((a, b) => (a.key.split('/providers/').at(-1) < b.key.split('/providers/').at(-1) ? -1 : 1))
        : value;
    }),
  );
}
