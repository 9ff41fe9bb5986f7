import type { IstioSidecar, OutboundMode, SidecarEgress } from '#model/istio.ts';
import { oldestOf } from '../age.ts';
import type { PodParty, Question } from '../party.ts';
import { selects } from '../selector.ts';
import type { ServicePath } from '../service-path.ts';
import { hostMatches, hostOf } from './hosts.ts';

/** What the sidecar of a client does with what it does not know. */
export function outboundMode(question: Question, client: PodParty): OutboundMode {
  return sidecarFor(question, client)?.outboundMode ?? question.mesh.outboundMode;
}

/** Whether the sidecar of a client knows the Service: all of them unless a Sidecar lists some. */
export function knows(question: Question, client: PodParty, { service, port }: ServicePath): boolean {
  const egress = sidecarFor(question, client)?.egress ?? [];
  return egress.length === 0 || egress.some((listener) => lists(listener));

  function lists(listener: SidecarEgress): boolean {
    if (listener.port !== undefined && listener.port !== port.port) return false;
    return listener.hosts.some((entry) => {
      const [namespace = '', host = ''] = entry.split('/');
      const wanted = namespace === '.' ? client.namespace : namespace;
      return (wanted === '*' || wanted === service.namespace) && hostMatches(host, hostOf(service));
    });
  }
}

/** One that selects the workload, else the namespace's own, else that of the root namespace. */
function sidecarFor(question: Question, client: PodParty): IstioSidecar | undefined {
  const { snapshot, mesh, world } = question;
  const own = snapshot.istioSidecars.filter(({ namespace }) => namespace === client.namespace);
  const root = snapshot.istioSidecars.filter(({ namespace }) => namespace === mesh.rootNamespace);
  const groups = [
    own.filter(({ workloadSelector }) => workloadSelector !== undefined && selectsPod(workloadSelector, client)),
    own.filter(({ workloadSelector }) => workloadSelector === undefined),
    root.filter(({ workloadSelector }) => workloadSelector === undefined),
  ];
  const group = groups.find((each) => each.length > 0);
  return group === undefined ? undefined : oldestOf(world, group);
}

function selectsPod(selector: NonNullable<IstioSidecar['workloadSelector']>, pod: PodParty): boolean {
  return selects(selector, (key) => pod.shape.labels.get(key));
}
