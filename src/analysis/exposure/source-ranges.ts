import { type Cidr, formatRange, parseCidr } from '#base/address.ts';
import type { Service } from '#model/exposure.ts';

/** Who may come to a load balancer's address, by what the Service itself says. */
export interface SourceRanges {
  /** Empty: everybody. */
  readonly ranges: readonly Cidr[];
  readonly notes: readonly string[];
}

const PREFIX = 'service.beta.kubernetes.io/';
/** core/v1's own annotation, older than the field; the field wins. */
const OLD_FIELD = `${PREFIX}load-balancer-source-ranges`;
/** Azure's rules for its network security group: who gets through depends on more than the Service. */
const AZURE_ACCESS = [
  'azure-allowed-ip-ranges',
  'azure-allowed-service-tags',
  'azure-deny-all-except-load-balancer-source-ranges',
  'azure-disable-load-balancer-nsg-rule',
];

/** Source ranges hold at the load balancer's address only: never at node ports, external IPs or the ClusterIP. */
export function sourceRangesOf(service: Service): SourceRanges {
  const { ranges, notes } = service.sourceRanges.length > 0 ? fromField(service) : annotatedRanges(service);
  return { ranges, notes: [...notes, ...azureNotes(service)] };
}

/** The annotation's ranges, and none where one entry is not a CIDR: then the cloud decides what that means. */
export function annotatedRanges(service: Service): SourceRanges {
  const text = service.annotations.get(OLD_FIELD);
  if (text === undefined || service.sourceRanges.length > 0) return { ranges: [], notes: [] };
  const readings = text.split(',').map((entry) => parseCidr(entry.trim()));
  const ranges = readings.flatMap((reading) => (reading === undefined ? [] : [reading.cidr]));
  if (ranges.length < readings.length) {
    return { ranges: [], notes: [`annotation ${OLD_FIELD} has an entry that is no CIDR; it is not evaluated`] };
  }
  return { ranges, notes: [`source ranges ${ranges.flatMap(formatRange).join(', ')}, by annotation`] };
}

function fromField({ sourceRanges }: Service): SourceRanges {
  return { ranges: sourceRanges, notes: [`source ranges ${sourceRanges.flatMap(formatRange).join(', ')}`] };
}

function azureNotes({ annotations }: Service): string[] {
  return AZURE_ACCESS.filter((name) => annotations.has(PREFIX + name)).map(
    (name) => `annotation ${name} changes the network security group before it, which is not evaluated`,
  );
}
