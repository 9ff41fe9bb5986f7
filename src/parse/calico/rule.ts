import { type Cidr, HIGHEST } from '#base/address.ts';
import type { CalicoEntity, CalicoIcmp, CalicoPort, CalicoRule } from '#model/calico.ts';
import type { Direction } from '#model/resource.ts';
import { oneOf, quote } from '../kubernetes/draft.ts';
import type { Reader } from '../kubernetes/reader.ts';
import { readNets } from '../nets.ts';
import { readPorts } from './ports.ts';
import { readProtocol } from './protocol.ts';
import { mixesGlobal, readSelector } from './selector.ts';

const ACTIONS = { Allow: 'allow', Deny: 'deny', Pass: 'pass', Log: 'log', '': 'allow' } as const;
/** The rules of one direction, with what Calico's validator refuses (libcalico-go lib/validator/v3 validateRule). */
export function readRules(spec: Reader, direction: Direction, namespace: string): CalicoRule[] {
  return spec.children(direction).map((rule) => readRule(rule, direction, namespace));
}

function readRule(rule: Reader, direction: Direction, namespace: string): CalicoRule {
  const protocol = readProtocol(rule, 'protocol');
  const notProtocol = readProtocol(rule, 'notProtocol');
  const icmp = readIcmp(rule, 'icmp');
  const notIcmp = readIcmp(rule, 'notICMP');
  const ipVersion = rule.integer('ipVersion');
  if (ipVersion !== undefined && ipVersion !== 4 && ipVersion !== 6)
    rule.refuse('RF2004', 'ipVersion', `is ${ipVersion}; must be 4 or 6`);
  const out: CalicoRule = {
    action: readAction(rule),
    ...((ipVersion === 4 || ipVersion === 6) && { ipVersion }),
    ...(protocol !== undefined && { protocol }),
    ...(notProtocol !== undefined && { notProtocol }),
    ...(icmp !== undefined && { icmp }),
    ...(notIcmp !== undefined && { notIcmp }),
    source: readEntity(rule.childOrEmpty('source'), namespace),
    destination: readEntity(rule.childOrEmpty('destination'), namespace),
    http: rule.has('http') && !rule.childOrEmpty('http').isEmpty(),
    path: rule.path,
    origin: rule.origin,
    gaps: rule.unread(),
  };
  checkRule(rule, out, direction);
  return out;
}

function readAction(rule: Reader): CalicoRule['action'] {
  const text = rule.text('action') ?? '';
  if (text in ACTIONS) return ACTIONS[text as keyof typeof ACTIONS];
  rule.refuse('RF2004', 'action', `is ${quote(text)}; must be ${oneOf(['Allow', 'Deny', 'Pass', 'Log'])}`);
  return 'deny';
}

function readIcmp(rule: Reader, key: string): CalicoIcmp | undefined {
  if (!rule.has(key)) return undefined;
  const icmp = rule.childOrEmpty(key);
  const type = icmp.integerWithin('type', 0, 254);
  const code = icmp.integerWithin('code', 0, 255);
  if (code !== undefined && !icmp.has('type')) icmp.refuse('RF2016', 'code', 'needs `type` beside it');
  return { ...(type !== undefined && { type }), ...(code !== undefined && { code }) };
}

function readEntity(entity: Reader, namespace: string): CalicoEntity {
  const selector = readSelector(entity, 'selector');
  const notSelector = readSelector(entity, 'notSelector');
  const namespaceSelector = readSelector(entity, 'namespaceSelector');
  const serviceAccounts = readServiceAccounts(entity);
  const service = readService(entity, namespace);
  for (const [key, each] of [
    ['selector', selector],
    ['notSelector', notSelector],
  ] as const) {
    if (each !== undefined && (each.node.kind === 'global' || mixesGlobal(each)))
      entity.refuse('RF2016', key, 'asks for `global()`, which stands alone in namespaceSelector only');
  }
  if (namespaceSelector !== undefined && mixesGlobal(namespaceSelector))
    entity.refuse('RF2016', 'namespaceSelector', 'asks for `global()` beside something else; it stands alone only');
  const out: CalicoEntity = {
    nets: readNets(entity, 'nets'),
    notNets: readNets(entity, 'notNets'),
    ports: readPorts(entity, 'ports'),
    notPorts: readPorts(entity, 'notPorts'),
    ...(selector !== undefined && { selector }),
    ...(notSelector !== undefined && { notSelector }),
    ...(namespaceSelector !== undefined && { namespaceSelector }),
    ...(serviceAccounts !== undefined && { serviceAccounts }),
    ...(service !== undefined && { service }),
  };
  if (out.notNets.some(isWholeFamily))
    entity.refuse('RF2016', 'notNets', 'leaves out a whole address family, so the rule could never match');
  return out;
}

function readServiceAccounts(entity: Reader): CalicoEntity['serviceAccounts'] {
  if (!entity.has('serviceAccounts')) return undefined;
  const accounts = entity.childOrEmpty('serviceAccounts');
  const selector = readSelector(accounts, 'selector');
  const names = accounts.texts('names').map(({ text }) => text);
  if (names.length === 0 && selector === undefined) return undefined;
  return { names, ...(selector !== undefined && { selector }) };
}

function readService(entity: Reader, namespace: string): CalicoEntity['service'] {
  if (!entity.has('services')) return undefined;
  const service = entity.childOrEmpty('services');
  const name = service.requiredText('name');
  const own = service.text('namespace') || namespace;
  if (own === '') service.refuse('RF2016', undefined, 'needs `namespace` in a policy of the whole cluster');
  const others = ['nets', 'selector', 'notSelector', 'namespaceSelector', 'serviceAccounts', 'ports', 'notPorts'];
  const beside = entity.present(others);
  if (beside.length > 0) entity.refuse('RF2016', 'services', `excludes \`${beside[0]}\` beside it`);
  return { name, namespace: own };
}

const WITH_PORTS: ReadonlySet<string> = new Set(['TCP', 'UDP', 'SCTP']);

function checkRule(reader: Reader, rule: CalicoRule, direction: Direction): void {
  const { protocol, source, destination } = rule;
  for (const [key, entity] of [
    ['source', source],
    ['destination', destination],
  ] as const) {
    const numbers = [...entity.ports, ...entity.notPorts].some(isNumber);
    const any = entity.ports.length + entity.notPorts.length > 0;
    if (numbers && protocol === undefined)
      reader.refuse('RF2016', key, 'has ports given by number and the rule no `protocol`');
    else if (any && protocol !== undefined && !WITH_PORTS.has(protocol))
      reader.refuse('RF2016', key, `has ports, and protocol ${protocol} has none`);
  }
  if ((rule.icmp ?? rule.notIcmp) !== undefined && protocol !== 'ICMP' && protocol !== 'ICMPv6')
    reader.refuse('RF2016', undefined, 'has `icmp` or `notICMP` without protocol ICMP or ICMPv6');
  const families = new Set(
    [...source.nets, ...source.notNets, ...destination.nets, ...destination.notNets].map((net) => net.family),
  );
  if (families.size > 1) reader.refuse('RF2016', undefined, 'mixes IPv4 and IPv6 blocks');
  if (rule.ipVersion !== undefined && families.size > 0 && !families.has(rule.ipVersion))
    reader.refuse('RF2016', 'ipVersion', 'is not the family of the blocks');
  checkHttp(reader, rule, direction);
}

function checkHttp(reader: Reader, { http, action, protocol }: CalicoRule, direction: Direction): void {
  if (!http) return;
  if (action !== 'allow' || (protocol !== undefined && protocol !== 'TCP'))
    reader.refuse('RF2016', 'http', 'is for rules that allow TCP only');
  const where = direction === 'egress' ? 'egress rules ignore it' : 'only the application layer add-on enforces it';
  reader.draft.warn('RF3012', reader.place('http'), {
    message: `looks into requests: ${where}, so the whole connection is allowed`,
    help: 'do not rely on the paths and methods, or run the add-on and read the answer as an upper bound',
  });
}

function isNumber(port: CalicoPort): boolean {
  return 'from' in port;
}

function isWholeFamily({ family, lo, hi }: Cidr): boolean {
  return lo === 0n && hi === HIGHEST[family];
}
