import fc from 'fast-check';
import { dump } from 'js-yaml';
import { expect, test } from 'vitest';
import { PROFILES } from '#model/profile.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { oracleVerdict } from '#oracle/connection.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { allConnections, describeConnection } from './connections.ts';
import { snapshots } from './generate.ts';
import { toManifests } from './manifests.ts';

const CONNECTIONS = 60;
/** Milliseconds. Not a claim about speed: other work on the machine must not fail the test. */
const PATIENCE = 120_000;

/** Objects that were refused. Fields that are not known (RF2013) are there on purpose. */
function refused(read: Snapshot): string[] {
  const codes = read.diagnostics.filter(({ code }) => code.startsWith('RF2') && code !== 'RF2013');
  return codes.map(({ code, message }) => `${code} ${message}`);
}

function verdicts(snapshot: Snapshot): string[] {
  const all = [...allConnections(snapshot)];
  const step = Math.max(1, Math.floor(all.length / CONNECTIONS));
  return all
    .filter((_connection, index) => index % step === 0)
    .map(
      (connection) =>
        `${describeConnection(snapshot, connection)}: ${oracleVerdict(snapshot, PROFILES.upstream, connection).verdict}`,
    );
}

test(
  'a snapshot written as YAML and read again gives the same verdicts',
  () => {
    const property = fc.property(snapshots(), (original) => {
      const text = toManifests(original)
        .map((manifest) => dump(manifest))
        .join('---\n');
      const read = snapshotOf([{ file: 'generated.yaml', text }]);
      expect(refused(read)).toEqual([]);
      expect(verdicts(read)).toEqual(verdicts(original));
    });
    fc.assert(property, { numRuns: 25, seed: 31 });
  },
  PATIENCE,
);

test(
  '… and as one JSON list',
  () => {
    const property = fc.property(snapshots(), (original) => {
      const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: toManifests(original) });
      const read = snapshotOf([{ file: 'generated.json', text }]);
      expect(verdicts(read)).toEqual(verdicts(original));
    });
    fc.assert(property, { numRuns: 15, seed: 32 });
  },
  PATIENCE,
);
