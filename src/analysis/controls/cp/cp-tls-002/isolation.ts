import type { Judged } from '#model/control.ts';
import type { ControlContext } from '../../context.ts';
import { entrancesIn } from '../../shared.ts';
import type { ComponentView } from '../components/component-view.ts';
import { seenComponents } from '../components/components.ts';
import { type FromPods, fromPods } from '../reach.ts';

/** Clients and members of etcd come by these ports. */
const PORTS = [2379, 2380] as const;

/** Who can open the ports of etcd, and whether its CA is its own. */
export function isolationPlaces(context: ControlContext): readonly Judged[] {
  const { views } = seenComponents(context);
  const servers = views.filter(({ component }) => component === 'kube-apiserver');
  return views
    .filter(({ component }) => component === 'etcd')
    .flatMap((view) => [...ownAuthority(view, servers), ...reachability(context, view)]);
}

/** With one CA for both, every user with a client certificate could read etcd. */
function ownAuthority({ where, find }: ComponentView, servers: readonly ComponentView[]): readonly Judged[] {
  const own = find({ flag: 'trusted-ca-file' });
  if (own === undefined) return [];
  const shared = servers
    .map((server) => server.find({ flag: 'client-ca-file' }))
    .find((found) => found?.value === own.value);
  if (servers.length === 0) return [];
  const isOpen = shared === undefined && servers.some((server) => server.isWithheld === true);
  if (isOpen)
    return [
      {
        where,
        state: 'UNKNOWN',
        message: 'which CA the API server trusts was not kept: the snapshot was taken without `--values`',
        evidence: [own.evidence],
        detail: 'CIS 2.7 own CA',
      },
    ];
  return [
    {
      where,
      state: shared === undefined ? 'PASS' : 'FAIL',
      message:
        shared === undefined
          ? 'etcd and the API server trust different CAs'
          : 'etcd trusts the CA of the API server: every client certificate of the cluster opens it',
      evidence: [own.evidence, ...(shared === undefined ? [] : [shared.evidence])],
      detail: 'CIS 2.7 own CA',
    },
  ];
}

function reachability(
  context: ControlContext,
  { where, endpoint, find, absent, isWithheld }: ComponentView,
): readonly Judged[] {
  if (endpoint === undefined) return [];
  const listens = ['listen-client-urls', 'listen-peer-urls'].map((flag) => find({ flag }));
  const evidence = listens.flatMap((found) => (found === undefined ? [] : [found.evidence]));
  const base = { where, evidence: evidence.length > 0 ? evidence : [absent], detail: 'ports' };
  if (listens.every((found) => found !== undefined && isLoopback(found.value)))
    return [{ ...base, state: 'PASS', message: 'etcd listens on its own host only' }];
  if (isWithheld === true)
    return [
      {
        ...base,
        state: 'UNKNOWN',
        message: 'where etcd listens was not kept: the snapshot was taken without `--values`',
      },
    ];
  const open = (entrancesIn(context).get(endpoint) ?? []).filter(({ port }) => PORTS.some((own) => own === port));
  if (open.some(({ verdict }) => verdict === 'allowed'))
    return [{ ...base, state: 'FAIL', message: 'the internet reaches a port of etcd', endpoints: [endpoint] }];
  const verdicts = PORTS.map((port) => fromPods(context, endpoint, port));
  return [{ ...base, ...saidOf(verdicts), endpoints: [endpoint] }];
}

function isLoopback(urls: string): boolean {
  return urls.split(',').every((url) => /^https?:\/\/(?:127\.|\[::1\]|localhost)/.test(url.trim()));
}

function saidOf(verdicts: readonly FromPods[]): Pick<Judged, 'state' | 'message' | 'severity'> {
  if (verdicts.includes('allowed'))
    return {
      state: 'WARN',
      severity: 'medium',
      message: 'pods reach the ports of etcd: only its certificates hold them back',
    };
  return verdicts.includes('unknown')
    ? {
        state: 'UNKNOWN',
        message: 'whether pods reach the ports of etcd is not known: no pods, or no engine that says, are in the input',
      }
    : { state: 'PASS', message: 'no pod reaches the ports of etcd' };
}
