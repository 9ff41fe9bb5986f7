import type { DoctorAnswer } from '#model/answers.ts';
import { findTool, runTool } from '#source/run-tool.ts';
import { newSession, type Session } from '#source/session.ts';
import { formatOf, printAnswer } from '../answer.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { LookFlags } from '../flags.ts';
import { VERSION } from '../version.ts';
import { selfTest } from './doctor-self-test.ts';

type Check = DoctorAnswer['checks'][number];

export async function runDoctor(context: CliContext, flags: LookFlags): Promise<ExitCode> {
  formatOf('ringfence.dev/doctor/v1', flags);
  const session = newSession({ cwd: context.surroundings.folder, toolTimeout: 10_000 });
  const tools = await Promise.all(TOOLS.map((tool) => checkTool(session, tool)));
  const checks = [
    { name: 'ringfence', state: 'ok', detail: VERSION } as const,
    checkNode(),
    ...tools,
    selfTest(Date.now()),
  ];
  const answer: DoctorAnswer = { schema: 'ringfence.dev/doctor/v1', checks };
  await printAnswer({ context, flags }, answer);
  return checks.some(({ state }) => state === 'failed') ? EXIT.care : EXIT.ok;
}

/** The first version that runs TypeScript's erasable syntax and what we use of the library without flags. */
const LEAST_NODE = 24;

function checkNode(): Check {
  const isEnough = Number(process.versions.node.split('.')[0]) >= LEAST_NODE;
  const detail = isEnough ? process.versions.node : `${process.versions.node}; ${LEAST_NODE} or newer is needed`;
  return { name: 'node', state: isEnough ? 'ok' : 'failed', detail };
}

interface ToolCheck {
  readonly name: string;
  readonly args: readonly string[];
  readonly needed: string;
}

const TOOLS: readonly ToolCheck[] = [
  { name: 'kubectl', args: ['version', '--client'], needed: 'to read a live cluster, and to render kustomizations' },
  { name: 'kustomize', args: ['version'], needed: 'to render kustomizations; kubectl does it too' },
  { name: 'helm', args: ['version', '--short'], needed: 'to render charts' },
  { name: 'git', args: ['--version'], needed: 'to read git revisions' },
];

/** A tool that is not there is no failure: most inputs need none. */
async function checkTool(session: Session, { name, args, needed }: ToolCheck): Promise<Check> {
  const path = await findTool(session, name);
  if (path === undefined) return { name, state: 'missing', detail: `needed ${needed}` };
  const result = await runTool(session, { path, args }, { cwd: session.cwd });
  if (!result.ok) return { name, state: 'failed', detail: `${path} does not run: ${result.why}` };
  const version = /v?\d+\.\d+[\w.+-]*/.exec(result.output.toString('utf8'))?.[0];
  return { name, state: 'ok', detail: `${version ?? 'of unknown version'} (${path})` };
}
