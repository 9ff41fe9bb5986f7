import {
  type Application,
  buildApplication,
  buildRouteMap,
  type Command,
  type StricliIntegration,
} from '@stricli/core';
import { compareVerb as azureCompareVerb, queriesVerb } from './commands/azure.ts';
import { buildVerb, initVerb, proveVerb } from './commands/blueprint.ts';
import { canVerb } from './commands/can.ts';
import { controlsVerb } from './commands/controls.ts';
import { egressVerb } from './commands/egress.ts';
import { mapVerb } from './commands/map.ts';
import { completionVerb, doctorVerb, explainVerb } from './commands/others.ts';
import { diffVerb, exposeVerb, migrateVerb, policiesVerb, testVerb } from './commands/questions.ts';
import { scanVerb } from './commands/scan.ts';
import { serveVerb } from './commands/serve.ts';
import { compareVerb, exportVerb, listVerb, takeVerb } from './commands/snapshot.ts';
import { translateVerb } from './commands/translate.ts';
import type { Verb } from './commands/verb.ts';
import type { CliContext, Surroundings } from './context.ts';
import { groupText, overviewText, verbText } from './help.ts';
import { exitCodeOfError, messagesFor } from './messages.ts';
import { VERSION } from './version.ts';

const SNAPSHOT_VERBS: readonly Verb[] = [takeVerb, listVerb, exportVerb, compareVerb];
const BLUEPRINT_VERBS: readonly Verb[] = [initVerb, buildVerb, proveVerb];
const AZURE_VERBS: readonly Verb[] = [azureCompareVerb, queriesVerb];

/** Every verb, in the order of the help. */
export const VERBS: readonly Verb[] = [
  scanVerb,
  mapVerb,
  canVerb,
  exposeVerb,
  diffVerb,
  testVerb,
  policiesVerb,
  migrateVerb,
  translateVerb,
  egressVerb,
  ...SNAPSHOT_VERBS,
  ...AZURE_VERBS,
  ...BLUEPRINT_VERBS,
  serveVerb,
  controlsVerb,
  explainVerb,
  doctorVerb,
  completionVerb,
];

export function applicationFor(surroundings: Surroundings): Application<CliContext> {
  const routes = Object.fromEntries(
    VERBS.filter(({ name }) => !name.includes(' ')).map(({ name, command }) => [name, command]),
  );
  const snapshot = groupOf(SNAPSHOT_VERBS, 'take, list, export and compare snapshots');
  const azure = groupOf(AZURE_VERBS, 'the Azure network: compare parts of it, and what is asked of Azure');
  const blueprint = groupOf(BLUEPRINT_VERBS, 'a whole environment from a few choices, with its proof');
  const root = buildRouteMap({
    routes: { ...routes, snapshot, azure, blueprint },
    docs: { brief: 'who can reach whom in a Kubernetes cluster' },
  });
  const config = {
    name: surroundings.program,
    scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true, distanceOptions: NEAR },
    documentation: { disableAnsiColor: true },
    localization: { text: messagesFor(surroundings) },
    determineExitCode: exitCodeOfError,
  } as const;
  return buildApplication<CliContext>(root, config, { help: helpFor(surroundings), version: VERSION_OPTION });
}

/** Verbs of two words, by the second. */
function groupOf(verbs: readonly Verb[], brief: string) {
  const routes = verbs.map(({ name, command }): [string, Command<CliContext>] => [name.split(' ')[1] ?? name, command]);
  return buildRouteMap({ routes: Object.fromEntries(routes), docs: { brief } });
}

/** Names as near as a slip or two of the finger. */
const NEAR = { threshold: 4, weights: { insertion: 1, deletion: 2, substitution: 2, transposition: 0 } };

const VERSION_OPTION: StricliIntegration<CliContext> = {
  flag: {
    brief: 'print the version',
    aliases: ['V'],
    run() {
      this.process.stdout.write(`${VERSION}\n`);
    },
  },
};

function helpFor(surroundings: Surroundings): StricliIntegration<CliContext> {
  const { out, environment, program } = surroundings;
  return {
    flag: {
      brief: 'print help',
      aliases: ['h'],
      global: true,
      defaultForRouteMap: true,
      complete: true,
      run(_app, { result }) {
        const look = { program, paint: out.paint('auto', environment), width: out.width };
        const asked = result.prefix.slice(1).join(' ');
        const one = VERBS.find(({ name }) => name === asked);
        const some = VERBS.filter(({ name }) => name.startsWith(`${asked} `));
        const group = some.length === 0 ? overviewText(VERBS, look) : groupText(asked, some, look);
        this.process.stdout.write(one === undefined ? group : verbText(one, look));
      },
    },
  };
}
