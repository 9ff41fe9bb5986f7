import { createInterface, type Interface } from 'node:readline/promises';
import {
  API_DOORS,
  ENGINES,
  FIREWALLS_OF_THE_WEB,
  FORMS,
  LINKS,
  MESHES,
  PIPELINES,
  TOPOLOGIES,
  WAYS_IN,
} from '#blueprint/choices/choices.ts';
import { withChoice } from '#blueprint/choices/set-choice.ts';
import { type PlainObject, plainAt } from '#model/plain.ts';
import type { CliContext } from './context.ts';
import { Refusal } from './refusal.ts';

interface Question {
  /** Where the answer goes: `onPremises.link`. */
  readonly at: string;
  readonly asks: string;
  readonly otherwise?: string;
  readonly of?: readonly string[];
  readonly onlyIf?: (choices: PlainObject) => boolean;
}

/** What cannot be guessed, and what decides the most. Everything else has a default, and stands in the file. */
const QUESTIONS: readonly Question[] = [
  { at: 'name', asks: 'What is it called? (2 to 10 lower case letters and digits)' },
  { at: 'region', asks: 'In which region of Azure does it stand?', otherwise: 'westeurope' },
  { at: 'topology', asks: 'One network, or hub and spoke?', of: TOPOLOGIES, otherwise: 'hub-spoke' },
  { at: 'nodes', asks: 'How many nodes for workloads, at most?', otherwise: '6' },
  { at: 'engine', asks: 'Who enforces network policy?', of: ENGINES, otherwise: 'cilium' },
  { at: 'mesh', asks: 'What encrypts between pods?', of: MESHES, otherwise: 'cilium' },
  { at: 'apiServer', asks: 'How is the API server reached?', of: API_DOORS, otherwise: 'private-link' },
  { at: 'wayIn', asks: 'From where do people come?', of: WAYS_IN, otherwise: 'public' },
  {
    at: 'waf',
    asks: 'Behind which web application firewall?',
    of: FIREWALLS_OF_THE_WEB,
    otherwise: 'application-gateway',
    onlyIf: (choices) => plainAt(choices, 'wayIn') !== 'none',
  },
  { at: 'host', asks: 'Under which name?', otherwise: 'www.example.com' },
  { at: 'onPremises.link', asks: 'Is there a link to a network of your own?', of: LINKS, otherwise: 'none' },
  { at: 'groups.clusterAdmins', asks: 'Object id of the group of cluster administrators in Microsoft Entra ID?' },
  { at: 'groups.networkAdmins', asks: 'Of the group that owns the network?' },
  { at: 'groups.auditors', asks: 'Of the group of auditors?' },
  { at: 'forms', asks: 'In which form do you deploy?', of: FORMS, otherwise: 'bicep' },
  { at: 'pipelines', asks: 'With which pipelines?', of: PIPELINES, otherwise: 'github' },
];

/** Asks at a terminal; elsewhere there is nobody to ask. */
export async function askChoices(context: CliContext, begun: PlainObject): Promise<PlainObject> {
  if (!process.stdin.isTTY || !context.surroundings.err.isTerminal)
    throw new Refusal(
      'there are no choices, and nobody to ask for them',
      'begin with --example or --from FILE, or run it at a terminal',
    );
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    let choices = begun;
    for (const question of QUESTIONS) {
      const { at, onlyIf } = question;
      if (plainAt(choices, ...at.split('.')) !== undefined || onlyIf?.(choices) === false) continue;
      const answer = await answerTo(asking, question);
      const isList = at === 'forms' || at === 'pipelines';
      choices = withChoice(choices, `${at}=${isList ? `[${answer}]` : answer}`) ?? choices;
    }
    return await withTeam(asking, choices);
  } finally {
    asking.close();
  }
}

/** One team is enough to begin with; more are written in the file. */
async function withTeam(asking: Interface, choices: PlainObject): Promise<PlainObject> {
  if (plainAt(choices, 'teams') !== undefined) return choices;
  const name = await answerTo(asking, { at: '', asks: 'How is the first team called?', otherwise: 'platform' });
  const group = await answerTo(asking, { at: '', asks: 'Object id of its group?' });
  const namespace = await answerTo(asking, { at: '', asks: 'Its first namespace?', otherwise: name });
  const told = await answerTo(asking, { at: '', asks: 'Who is told by mail when the network changes?' });
  return {
    ...choices,
    teams: [{ name, group, namespaces: [{ name: namespace, published: plainAt(choices, 'wayIn') !== 'none' }] }],
    alertsTo: [told],
  };
}

async function answerTo(asking: Interface, { asks, of, otherwise }: Question): Promise<string> {
  const among = of === undefined ? '' : ` (${of.join(', ')})`;
  const given = otherwise === undefined ? '' : ` [${otherwise}]`;
  for (;;) {
    const said = (await asking.question(`${asks}${among}${given} `)).trim();
    const answer = said === '' ? otherwise : said;
    if (answer !== undefined && (of === undefined || of.includes(answer))) return answer;
    process.stderr.write(of === undefined ? '  an answer is needed\n' : `  one of ${of.join(', ')}\n`);
  }
}
