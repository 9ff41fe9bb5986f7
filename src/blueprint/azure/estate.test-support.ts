import type { Choices } from '../choices/choices.ts';
import { EXAMPLE } from '../choices/example.ts';
import { readChoices } from '../choices/read-choices.ts';
import { designOf } from '../plan/design.ts';
import type { Estate } from './drafts.ts';
import { blueprintEstate } from './estate.ts';
import { expressionsIn, type Value } from './value.ts';

export const VPN: Choices['onPremises'] = {
  link: 'vpn',
  ranges: ['192.168.0.0/16'],
  gateways: ['203.0.113.1', '203.0.113.2'],
};
export const CIRCUIT: Choices['onPremises'] = { link: 'expressroute', ranges: ['192.168.0.0/16'], gateways: [] };

/** The example with these choices in place of its own. */
export function estateWith(changes: Partial<Choices>): Estate {
  const { choices } = readChoices({ file: 'blueprint.yaml', text: EXAMPLE });
  return blueprintEstate(designOf({ ...choices!, ...changes }));
}

/** `properties.sku.name` of a resource by its key; undefined where there is neither. */
export function at({ byKey }: Estate, key: string, path: string): unknown {
  const step = (value: unknown, name: string): unknown =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).find(([each]) => each === name)?.[1]
      : undefined;
  return path.split('.').reduce(step, byKey.get(key)?.body);
}

/** Keys of resources of a type, in order of deployment. */
export function keysOf({ drafts }: Estate, type: string): readonly string[] {
  return drafts.filter((draft) => draft.type === type).map(({ key }) => key);
}

/** Names of parameters that a value asks for. */
export function asked(value: Value): readonly string[] {
  return [...expressionsIn(value)].flatMap(({ $ }) => ($.kind === 'parameter' ? [$.name] : []));
}
