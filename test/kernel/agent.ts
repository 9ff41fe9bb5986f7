import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { PortProtocol } from '#model/traffic.ts';

/** `[from, to, protocol, port]`; the port is 0 for the echo requests of ICMP and ICMPv6. */
export type Connect = readonly [from: string, to: string, protocol: PortProtocol | 'ICMP' | 'ICMPv6', port: number];

export interface Place {
  readonly netns: string;
  readonly address: string;
}

export interface Listening {
  readonly places: readonly Place[];
  readonly ports: Readonly<Record<PortProtocol, readonly number[]>>;
}

/** The process that owns all sockets: see `agent.py`. */
export interface Agent {
  readonly child: ChildProcessWithoutNullStreams;
  readonly answers: AsyncIterator<string>;
  readonly lines: Interface;
}

export function startAgent(): Agent {
  const child = spawn('python3', ['-B', fileURLToPath(new URL('agent.py', import.meta.url))]);
  child.stderr.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout });
  return { child, answers: lines[Symbol.asyncIterator](), lines };
}

/** Opens a listener on every port of every place, and closes those of before. */
export async function listen(agent: Agent, listening: Listening): Promise<void> {
  await ask(agent, { listen: listening });
}

/** What became of each connect: `allowed`, `denied`, `silent` or `odd: …`. */
export async function probe(agent: Agent, connects: readonly Connect[]): Promise<string[]> {
  return JSON.parse(await ask(agent, { probe: connects })) as string[];
}

export function stopAgent(agent: Agent): void {
  agent.lines.close();
  agent.child.kill();
}

async function ask(agent: Agent, command: unknown): Promise<string> {
  agent.child.stdin.write(`${JSON.stringify(command)}\n`);
  const answer = await agent.answers.next();
  if (answer.done) throw new Error('the probing process ended early');
  return answer.value;
}
