import { existsSync } from 'node:fs';
import path from 'node:path';
import { unite } from '#base/intervals.ts';
import { ALL_PORTS, isPortProtocol, NO_TRAFFIC, portTraffic, type TrafficSet } from '#model/traffic.ts';
import { type Answer, connsOf } from './answers.ts';
import type { Scale } from './benchmark.ts';
import { cacheFolder, NotMeasured, type ProcessRun, runProcess } from './process.ts';

/** The peer and the version that the figures are about. */
export const PEER = { module: 'github.com/np-guard/netpol-analyzer', version: 'v1.4.4', command: './cmd/netpolicy' };

/** One run of the peer over a folder of manifests: what it cost and what it said about pairs of workloads. */
export interface PeerRun {
  readonly run: ProcessRun;
  readonly answers: readonly Answer[];
}

/**
 * The peer's program. A full run builds it once into the cache folder, which takes minutes and the network; a smoke run
 * takes it only when it is there. Throws `NotMeasured` where there is none.
 */
export async function peerProgram(scale: Scale): Promise<string> {
  const program = path.join(cacheFolder('bin'), 'netpolicy');
  if (existsSync(program)) return program;
  if (scale === 'smoke') throw new NotMeasured('peer not measured: not built; a full run builds it');
  await buildPeer(program).catch((error: unknown) => {
    if (error instanceof NotMeasured) throw error;
    throw new NotMeasured(
      `peer not measured: cannot build it: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  return program;
}

/** Times the whole process, then reads its list of connections. Pairs with an outside address are left out. */
export async function runPeer(program: string, folder: string, timeLimitMs: number): Promise<PeerRun> {
  const run = await runProcess(program, ['list', '--dirpath', folder, '-o', 'json', '-q'], { timeLimitMs });
  if (run.exitCode !== 0)
    throw new NotMeasured(`peer not measured: it exited with ${run.exitCode}: ${firstLine(run.errorText)}`);
  return { run, answers: readPeerAnswers(run.text) };
}

/** Its JSON list as canonical answers. */
export function readPeerAnswers(text: string): Answer[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) throw new Error('the peer printed something other than a list');
  const out: Answer[] = [];
  for (const item of list) {
    const { src, dst, conn } = readEntry(item);
    const [from, to] = [workloadName(src), workloadName(dst)];
    if (from !== undefined && to !== undefined) out.push({ from, to, conns: connsOf(readConns(conn)) });
  }
  return out;
}

/**
 * Built from the module's own folder, so that its own `go.sum` fixes every dependency and the module proxy is asked
 * for nothing but exact versions (`go install NAME@VERSION` asks for the list of versions as well, which not every
 * proxy gives).
 */
async function buildPeer(program: string): Promise<void> {
  const go = await runProcess('go', ['version'], { timeLimitMs: 10_000 });
  if (go.exitCode !== 0) throw new NotMeasured('peer not measured: no go');
  const download = await runGo(['mod', 'download', '-json', `${PEER.module}@${PEER.version}`], cacheFolder());
  const reading: unknown = JSON.parse(download);
  if (typeof reading !== 'object' || reading === null || !('Dir' in reading) || typeof reading.Dir !== 'string') {
    throw new Error('go mod download named no folder');
  }
  await runGo(['build', '-mod=readonly', '-o', program, PEER.command], reading.Dir);
}

async function runGo(args: readonly string[], folder: string): Promise<string> {
  const run = await runProcess('go', args, { timeLimitMs: 900_000, folder });
  if (run.exitCode !== 0) throw new Error(firstLine(run.errorText));
  return run.text;
}

function readEntry(item: unknown): { src: string; dst: string; conn: string } {
  if (typeof item !== 'object' || item === null) throw new Error('an entry of the peer is no object');
  const { src, dst, conn } = item as Record<string, unknown>;
  if (typeof src !== 'string' || typeof dst !== 'string' || typeof conn !== 'string')
    throw new Error('an entry of the peer lacks a field');
  return { src, dst, conn };
}

/** `shop/web[Deployment]` as `shop/web`; ranges of addresses and `{ingress-controller}` have no name. */
function workloadName(text: string): string | undefined {
  return /^([^/[\]{}]+\/[^/[\]{}]+)\[[A-Za-z]+\]$/.exec(text)?.[1];
}

/** `All Connections`, or `TCP 80,6000-6010,UDP 53`: a protocol holds for all ports up to the next protocol. */
function readConns(text: string): TrafficSet {
  if (text === 'All Connections') return ALL_PORTS;
  let traffic = NO_TRAFFIC;
  let protocol = '';
  for (const word of text.split(/[ ,]+/)) {
    if (isPortProtocol(word)) {
      protocol = word;
      continue;
    }
    const range = /^(\d+)(?:-(\d+))?$/.exec(word);
    if (range === null || !isPortProtocol(protocol)) throw new Error(`the peer printed an unknown connection: ${text}`);
    traffic = unite(traffic, portTraffic(protocol, Number(range[1]), Number(range[2] ?? range[1])));
  }
  return traffic;
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
