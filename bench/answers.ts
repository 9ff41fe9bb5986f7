import { meet } from '#base/intervals.ts';
import { ALL_PORTS, linesOf, type TrafficSet } from '#model/traffic.ts';

/**
 * What one workload may send another, in the form in which every tool's answers are compared. `from` and `to` are
 * `namespace/name`. `conns` is `all` (every port of TCP, UDP and SCTP) or as `TCP 80,6000-6010;UDP 53`. A pair that is
 * absent may send nothing.
 */
export interface Answer {
  readonly from: string;
  readonly to: string;
  readonly conns: string;
}

export interface Difference {
  readonly from: string;
  readonly to: string;
  /** `nothing` where one of the two has no answer for the pair. */
  readonly left: string;
  readonly right: string;
}

/** Traffic in the canonical form; protocols without ports are left out, as tools do not all speak of them. */
export function connsOf(traffic: TrafficSet): string {
  const ports = meet(traffic, ALL_PORTS);
  const parts: string[] = [];
  let whole = 0;
  for (const line of linesOf(ports)) {
    if (line.whole || (line.ranges.length === 1 && line.ranges[0]![0] <= 1 && line.ranges[0]![1] === 65535)) whole++;
    parts.push(`${line.protocol} ${line.ranges.map(([lo, hi]) => (lo === hi ? `${lo}` : `${lo}-${hi}`)).join(',')}`);
  }
  return whole === 3 ? 'all' : parts.join(';');
}

/** Every pair about which the two lists disagree, in the order of the names. */
export function differencesOf(left: Iterable<Answer>, right: Iterable<Answer>): Difference[] {
  const a = tableOf(left);
  const b = tableOf(right);
  const out: Difference[] = [];
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    const [l, r] = [a.get(key), b.get(key)];
    if (l?.conns === r?.conns) continue;
    const { from, to } = (l ?? r)!;
    out.push({ from, to, left: l?.conns ?? 'nothing', right: r?.conns ?? 'nothing' });
  }
  return out.sort((x, y) => (`${x.from} ${x.to}` < `${y.from} ${y.to}` ? -1 : 1));
}

function tableOf(answers: Iterable<Answer>): Map<string, Answer> {
  const out = new Map<string, Answer>();
  for (const answer of answers) out.set(`${answer.from} ${answer.to}`, answer);
  return out;
}
