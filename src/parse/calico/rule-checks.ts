import { type Cidr, HIGHEST } from '#base/address.ts';
import type { CalicoEntity, CalicoPort, CalicoRule } from '#model/calico.ts';
import type { Direction } from '#model/resource.ts';
import type { Reader } from '../kubernetes/reader.ts';
import { type Form, refuseAsked, refuseOrDoubt } from './form.ts';
import { mixesGlobal } from './selector.ts';

const WITH_PORTS: ReadonlySet<string> = new Set(['TCP', 'UDP', 'SCTP']);

interface Ruled {
  readonly rule: CalicoRule;
  readonly direction: Direction;
  readonly form: Form;
}

/** What Calico's validator refuses of a rule (libcalico-go lib/validator/v3 validateRule). */
export function checkRule(reader: Reader, ruled: Ruled): void {
  checkPorts(reader, ruled.rule);
  checkIcmp(reader, ruled);
  checkFamilies(reader, ruled);
  checkServices(reader, ruled);
  checkHttp(reader, ruled);
}

/** Felix itself takes no such policy either. */
function checkPorts(reader: Reader, { protocol, source, destination }: CalicoRule): void {
  for (const [key, { ports, notPorts }] of [
    ['source', source],
    ['destination', destination],
  ] as const) {
    const all = [...ports, ...notPorts];
    if (protocol === undefined && all.some(isNumber))
      reader.refuse('RF2016', key, 'has ports given by number and the rule no `protocol`');
    else if (all.length > 0 && protocol !== undefined && !WITH_PORTS.has(protocol))
      reader.refuse('RF2016', key, `has ports, and protocol ${protocol} has none`);
  }
}

/** A packet filter takes an ICMP match beside its protocol only. */
function checkIcmp(reader: Reader, { rule, form }: Ruled): void {
  const { protocol, notProtocol, icmp, notIcmp, ipVersion } = rule;
  const isIcmp = protocol === 'ICMP' || protocol === 'ICMPv6';
  if (icmp !== undefined && !isIcmp)
    refuseOrDoubt(form, reader, { at: 'icmp', text: 'needs protocol ICMP or ICMPv6 beside it' });
  if (notIcmp !== undefined && !isIcmp)
    refuseOrDoubt(form, reader, { at: 'notICMP', text: 'needs protocol ICMP or ICMPv6 beside it' });
  for (const [name, family] of [
    ['ICMP', 4],
    ['ICMPv6', 6],
  ] as const) {
    if ((protocol === name || notProtocol === name) && ipVersion !== undefined && ipVersion !== family)
      refuseAsked(form, reader, { at: 'ipVersion', text: `must be ${family} beside ${name}` });
  }
}

function checkFamilies(reader: Reader, { rule, form }: Ruled): void {
  const { source, destination, ipVersion } = rule;
  const nets = [...source.nets, ...source.notNets, ...destination.nets, ...destination.notNets];
  const families = new Set(nets.map(({ family }) => family));
  if (families.size > 1) refuseAsked(form, reader, { text: 'mixes IPv4 and IPv6 blocks' });
  else if (ipVersion !== undefined && families.size > 0 && !families.has(ipVersion))
    refuseAsked(form, reader, { at: 'ipVersion', text: 'is not the family of the blocks' });
}

/** Services are whom an ingress rule lets in and whom an egress rule lets out to. */
function checkServices(reader: Reader, { rule, direction, form }: Ruled): void {
  const near = direction === 'ingress' ? 'destination' : 'source';
  if (rule[near].service !== undefined)
    refuseOrDoubt(form, reader, {
      at: near,
      text: `names a Service, which is for the far end of an ${direction} rule`,
    });
}

function checkHttp(reader: Reader, { rule, direction, form }: Ruled): void {
  const { http, action, protocol } = rule;
  if (!http) return;
  if (direction === 'egress') refuseAsked(form, reader, { at: 'http', text: 'is for ingress rules only' });
  else if (action !== 'allow' || (protocol !== undefined && protocol !== 'TCP'))
    refuseAsked(form, reader, { at: 'http', text: 'is for rules that allow TCP only' });
  reader.draft.warn('RF3012', reader.place('http'), {
    message:
      'looks into requests: only the application layer add-on does that, so the rule is for the whole connection',
    help: 'do not rely on the paths and methods, or run the add-on and read the answer as an upper bound',
  });
}

/** What Calico's validator refuses of one end of a rule (validateEntityRule). */
export function checkEntity(reader: Reader, entity: CalicoEntity, form: Form): void {
  const { selector, notSelector, namespaceSelector, notNets } = entity;
  for (const [at, each] of [
    ['selector', selector],
    ['notSelector', notSelector],
  ] as const) {
    if (each !== undefined && (each.node.kind === 'global' || mixesGlobal(each)))
      refuseAsked(form, reader, { at, text: 'asks for `global()`, which stands alone in namespaceSelector only' });
  }
  if (namespaceSelector !== undefined && mixesGlobal(namespaceSelector))
    refuseAsked(form, reader, {
      at: 'namespaceSelector',
      text: 'asks for `global()` beside something else; it stands alone only',
    });
  if (notNets.some(isWholeFamily))
    refuseAsked(form, reader, {
      at: 'notNets',
      text: 'leaves out a whole address family, so the rule matches nothing of it',
    });
}

function isNumber(port: CalicoPort): boolean {
  return 'from' in port;
}

function isWholeFamily({ family, lo, hi }: Cidr): boolean {
  return lo === 0n && hi === HIGHEST[family];
}
