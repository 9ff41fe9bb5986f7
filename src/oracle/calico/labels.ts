import { type Address, isInRange } from '#base/address.ts';
import type { CalicoHostEndpoint, CalicoNetworkSet } from '#model/calico.ts';
import type { Party, PodParty, Question, Side } from '../party.ts';
import { isNetworkedPod } from '../party.ts';
import type { LabelOf } from '../selector.ts';
import { addressOf, namespaceLabels, openLabel } from '../where.ts';
import { accountLabelValues } from './mentions.ts';

export const NAMESPACE = 'projectcalico.org/namespace';
export const ACCOUNT = 'projectcalico.org/serviceaccount';
export const ORCHESTRATOR = 'projectcalico.org/orchestrator';
const OWN_NAME = 'projectcalico.org/name';
const OF_NAMESPACE = 'pcns.';
const OF_ACCOUNT = 'pcsa.';
/** Names of service accounts are no labels from here on. */
const LONGEST_VALUE = 62;

/** Something that Calico knows an address by: a pod, a host endpoint, a set of networks. */
export interface Owner {
  readonly labelOf: LabelOf;
  readonly pod?: PodParty;
}

/** Everything that the address of one end belongs to. None: Calico knows nothing of it. */
export function ownersOf(question: Question, side: Side): Owner[] {
  const party = question.connection[side];
  const address = addressOf(question, side);
  const { calicoNetworkSets, calicoHostEndpoints } = question.snapshot;
  return [
    ...(isNetworkedPod(party) ? [{ labelOf: podLabels(question, party), pod: party }] : []),
    ...calicoHostEndpoints.filter((endpoint) => isOf(endpoint, party, address)).map(hostOwner),
    ...calicoNetworkSets
      .filter((set) => set.nets.some((net) => isInRange(address, net)))
      .map((set) => ({ labelOf: networkSetLabels(question, set) })),
  ];
}

/** A host endpoint is known by the addresses that it states. */
function isOf({ expectedIps }: CalicoHostEndpoint, party: Party, address: Address): boolean {
  return !isNetworkedPod(party) && expectedIps.some((own) => isInRange(address, own));
}

function hostOwner({ labels }: CalicoHostEndpoint): Owner {
  return { labelOf: (key) => labels.get(key) };
}

/** Own labels, what Calico adds, and those of the namespace and the service account, which an own label hides. */
export function podLabels(question: Question, pod: PodParty): LabelOf {
  const { labels, serviceAccount } = pod.shape;
  const added = new Map([
    [NAMESPACE, pod.namespace],
    [ORCHESTRATOR, 'k8s'],
    ...(serviceAccount.length <= LONGEST_VALUE ? [[ACCOUNT, serviceAccount] as const] : []),
  ]);
  return (key) => {
    const own = added.get(key) ?? labels.get(key);
    if (own !== undefined) return own;
    if (key.startsWith(OF_ACCOUNT)) return accountLabel(question, pod, key.slice(OF_ACCOUNT.length));
    return inherited(question, pod.namespace, key);
  };
}

function networkSetLabels(question: Question, { kind, namespace, labels }: CalicoNetworkSet): LabelOf {
  if (kind === 'GlobalNetworkSet') return (key) => labels.get(key);
  return (key) => (key === NAMESPACE ? namespace : (labels.get(key) ?? inherited(question, namespace, key)));
}

function inherited(question: Question, namespace: string, key: string): string | undefined {
  if (!key.startsWith(OF_NAMESPACE)) return undefined;
  const own = key.slice(OF_NAMESPACE.length);
  return own === OWN_NAME ? namespace : namespaceLabels(question, namespace)(own);
}

/** Of a service account that is not in the snapshot only the name is known. */
function accountLabel(question: Question, pod: PodParty, key: string): string | undefined {
  const name = pod.shape.serviceAccount;
  if (key === OWN_NAME) return name;
  const account = question.snapshot.serviceAccounts.find(
    (each) => each.name === name && each.namespace === pod.namespace,
  );
  if (account !== undefined) return account.labels.get(key);
  return openLabel(question, {
    key,
    of: `service account ${pod.namespace}/${name}`,
    values: accountLabelValues(question.snapshot, key),
  });
}

/** Conditions on namespaces, and on service accounts, are conditions on what a pod inherits of them. */
export function namespaceLabelOf(labelOf: LabelOf): LabelOf {
  return (key) => labelOf(OF_NAMESPACE + key);
}

export function accountLabelOf(labelOf: LabelOf): LabelOf {
  return (key) => labelOf(OF_ACCOUNT + key);
}
