import { parseAddress } from '#base/address.ts';
import type { Service } from '#model/exposure.ts';
import { isInternetAddress } from '../outside.ts';

/** How far a cloud load balancer of a Service is reachable, by its annotations and the addresses it got. */
export interface LoadBalancerFacts {
  readonly scope: 'internet' | 'network';
  readonly notes: readonly string[];
  /** Which load balancer serves the Service is not in the input, so it may not be reachable at all. */
  readonly uncertain: boolean;
}

const AZURE = 'service.beta.kubernetes.io/azure-';
const AWS = 'service.beta.kubernetes.io/aws-load-balancer-';
const AWS_CLASS = 'service.k8s.aws/nlb';

interface InternalMark {
  readonly key: string;
  readonly means: (value: string) => boolean;
}

/** Annotations that ask for an internal load balancer, as each cloud's controller reads them. */
const INTERNAL_MARKS: readonly InternalMark[] = [
  // cloud-provider-azure: strings.EqualFold(value, "true"); anything else is public.
  { key: `${AZURE}load-balancer-internal`, means: isTrue },
  // The in-tree AWS provider takes any value but `false` and the empty one (`0.0.0.0/0` was the first form).
  { key: `${AWS}internal`, means: (value) => value !== '' && value !== 'false' },
  { key: `${AWS}scheme`, means: (value) => value === 'internal' },
  { key: 'networking.gke.io/load-balancer-type', means: isInternalWord },
  { key: 'cloud.google.com/load-balancer-type', means: isInternalWord },
  { key: 'service.beta.kubernetes.io/openstack-internal-load-balancer', means: isTrue },
  { key: 'service.beta.kubernetes.io/oci-load-balancer-internal', means: isTrue },
  { key: 'service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type', means: (value) => value === 'private' },
  { key: 'service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type', means: (value) => value === 'intranet' },
];

export function loadBalancerFacts(service: Service): LoadBalancerFacts {
  const uncertain = service.loadBalancerClass !== undefined && service.loadBalancerClass !== AWS_CLASS;
  const declared = declaredScope(service);
  const got = scopeOfAddresses(service.loadBalancerAddresses);
  const scope = got ?? declared.scope;
  const notes =
    got === undefined || got === declared.scope
      ? [declared.why]
      : [`${declared.why}, yet the address it got is ${got === 'internet' ? 'public' : 'private'}`];
  return { scope, uncertain, notes: [...notes, ...exportNotes(service), ...(uncertain ? [classNote(service)] : [])] };
}

/** Where all known addresses lie; undefined where none is known, as with hostnames. */
export function scopeOfAddresses(texts: readonly string[]): 'internet' | 'network' | undefined {
  const addresses = texts.map(parseAddress).filter((address) => address !== undefined);
  if (addresses.length === 0) return undefined;
  return addresses.some(isInternetAddress) ? 'internet' : 'network';
}

function declaredScope(service: Service): { scope: 'internet' | 'network'; why: string } {
  const { annotations } = service;
  const mark = INTERNAL_MARKS.find(({ key, means }) => means(annotations.get(key) ?? ''));
  if (mark !== undefined) return { scope: 'network', why: `internal load balancer, by annotation ${mark.key}` };
  if (isAwsController(service) && annotations.get(`${AWS}scheme`) !== 'internet-facing') {
    return { scope: 'network', why: 'internal load balancer, the default of the AWS Load Balancer Controller' };
  }
  const near = INTERNAL_MARKS.find(({ key }) => annotations.has(key));
  const why = near === undefined ? '' : `: annotation ${near.key} does not say so in a form that its cloud accepts`;
  return { scope: 'internet', why: `public load balancer${why || ', no annotation asks for an internal one'}` };
}

/** The AWS Load Balancer Controller makes internal load balancers unless told otherwise (since v2.2). */
function isAwsController({ annotations, loadBalancerClass }: Service): boolean {
  const type = annotations.get(`${AWS}type`);
  return loadBalancerClass === AWS_CLASS || type === 'external' || type === 'nlb-ip';
}

/** Private Link Service carries even an internal front-end into other networks and tenants. */
function exportNotes({ annotations }: Service): string[] {
  const notes: string[] = [];
  if (isTrue(annotations.get(`${AZURE}pls-create`) ?? '')) {
    const visibility = annotations.get(`${AZURE}pls-visibility`);
    notes.push(
      `exported by Private Link Service to other networks, visible to ${visibility === undefined ? 'those with role access' : visibility}`,
    );
  }
  const more = annotations.get(`${AZURE}additional-public-ips`);
  if (more !== undefined && more !== '') notes.push(`additional public addresses ${more}, by annotation`);
  return notes;
}

function classNote({ loadBalancerClass }: Service): string {
  return `the load balancer class ${loadBalancerClass} is served by a controller that is not known: it may be public, internal or nothing`;
}

function isTrue(value: string): boolean {
  return value.toLowerCase() === 'true';
}

function isInternalWord(value: string): boolean {
  return value === 'Internal' || value === 'internal';
}
