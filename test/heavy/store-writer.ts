// Writes to the store in the folder that is named, one snapshot with one scan after the other, and says of each when it
// was committed. `store.test.ts` kills it.
import { openStore } from '#store/open-store.ts';
import { bundleNamed, findingOf, hour, scanWith } from '#store/store.test-support.ts';

const [folder = ''] = process.argv.slice(2);
const store = await openStore({ folder });
console.log('open');
const [newest] = await store.snapshots({ limit: 1 });
for (let at = newest === undefined ? 0 : Number(newest.from[0]) + 1; ; at++) {
  const { id } = await store.addSnapshot({ ...bundleNamed(`s${at}`, hour(at)), from: [`${at}`] });
  console.log(`snapshot ${at}`);
  await store.addScan(id, scanWith([findingOf(`f${at}`)], hour(at)));
  console.log(`scan ${at}`);
  if (at % 10 === 9) await store.prune({ keep: 50 });
}
