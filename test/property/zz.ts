import fc from 'fast-check';
import { snapshots } from './generate.ts';
import { compare } from './compare.ts';
import { PROFILES, PROFILE_IDS } from '#model/profile.ts';
import { toManifests } from './manifests.ts';
const runs = Number(process.argv[2] ?? 100); const seed = Number(process.argv[3] ?? 1);
let asked = 0, vague = 0, shown = 0; const vs: string[] = []; let bad = 0;
for (const snapshot of fc.sample(snapshots(), { numRuns: runs, seed })) {
  for (const id of PROFILE_IDS) {
    const r = compare(snapshot, PROFILES[id]);
    asked += r.asked; vague += r.vague.length; if (r.vague.length && vs.length < 12) vs.push(id + ' ' + r.vague[0]!);
    if (r.wrong.length) { bad++; if (shown++ < 3) { console.log('WRONG', id, r.wrong.length, r.wrong.slice(0, 3)); console.log(JSON.stringify(toManifests(snapshot))); } }
  }
}
console.log({ asked, vague, bad }); console.log(vs.join('\n'));
