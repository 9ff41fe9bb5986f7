import type { CalicoEntity, CalicoIcmp, CalicoRule } from '#model/calico.ts';
import type { Direction } from '#model/resource.ts';
import { oneOf, quote } from '../kubernetes/draft.ts';
import type { Reader } from '../kubernetes/reader.ts';
import { readNets } from '../nets.ts';
import { type Form, refuseOrDoubt } from './form.ts';
import { readPorts } from './ports.ts';
import { readProtocol } from './protocol.ts';
import { checkEntity, checkRule } from './rule-checks.ts';
import { readSelector } from './selector.ts';

const ACTIONS = { Allow: 'allow', Deny: 'deny', Pass: 'pass', Log: 'log', '': 'allow' } as const;

/** The rules of one direction. */
export function readRules(spec: Reader, direction: Direction, form: Form): CalicoRule[] {
  return spec.children(direction).map((rule) => readRule(rule, direction, { ...form, doubts: [] }));
}

function readRule(rule: Reader, direction: Direction, form: Form): CalicoRule {
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
    source: readEntity(rule.childOrEmpty('source'), 'source', form),
    destination: readEntity(rule.childOrEmpty('destination'), 'destination', form),
    http: rule.has('http') && !rule.childOrEmpty('http').isEmpty(),
    path: rule.path,
    origin: rule.origin,
    gaps: rule.unread(),
  };
  checkRule(rule, { rule: out, direction, form });
  return form.doubts.length === 0 ? out : { ...out, gaps: [...out.gaps, ...form.doubts] };
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

function readEntity(entity: Reader, end: 'source' | 'destination', form: Form): CalicoEntity {
  const selector = readSelector(entity, 'selector');
  const notSelector = readSelector(entity, 'notSelector');
  const namespaceSelector = readSelector(entity, 'namespaceSelector');
  const serviceAccounts = readServiceAccounts(entity);
  const service = readService(entity, end, form);
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
  checkEntity(entity, out, form);
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

const BESIDE_SERVICES = ['nets', 'notNets', 'selector', 'notSelector', 'namespaceSelector', 'serviceAccounts'];

/** The ports of a destination are those of the Service. */
function readService(entity: Reader, end: 'source' | 'destination', form: Form): CalicoEntity['service'] {
  if (!entity.has('services')) return undefined;
  const service = entity.childOrEmpty('services');
  const name = service.requiredText('name');
  const namespace = service.text('namespace') || form.namespace;
  if (namespace === '') refuseOrDoubt(form, service, { text: 'needs `namespace` in a policy of the whole cluster' });
  const others = end === 'destination' ? [...BESIDE_SERVICES, 'ports', 'notPorts'] : BESIDE_SERVICES;
  const [beside] = entity.present(others);
  if (beside !== undefined) refuseOrDoubt(form, entity, { at: 'services', text: `excludes \`${beside}\` beside it` });
  return { name, namespace };
}
