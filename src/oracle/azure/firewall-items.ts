import { type Address, type AddressRange, isInRange, parseCidr } from '#base/address.ts';
import type { AddressItem } from '#model/azure/entity.ts';
import { selects } from '../selector.ts';
import { perhaps, type Question } from './firewall-packet.ts';

const PRIVATE: readonly AddressRange[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
].map((text) => parseCidr(text)!.cidr);

export function isPublic(address: Address): boolean {
  return !PRIVATE.some((range) => isInRange(address, range));
}

/** Whether one of the entries of a list means an address. `where` names the list, for facts. */
export function meansAddress(
  question: Question,
  items: readonly AddressItem[],
  { address, where }: { readonly address: Address; readonly where: string },
): boolean {
  return items.some((item, index) => meansItem(question, item, { address, where: `${where}[${index}]` }));
}

function meansItem(
  question: Question,
  item: AddressItem,
  { address, where }: { readonly address: Address; readonly where: string },
): boolean {
  const { estate } = question;
  switch (item.kind) {
    case 'any':
      return true;
    case 'range':
      return isInRange(address, item.range);
    case 'tag': {
      const known = estate.serviceTags.get(item.tag.toLowerCase());
      if (known !== undefined) return known.some((range) => isInRange(address, range));
      return isPublic(address) && perhaps(question, `${item.tag} holds the address at ${where}`);
    }
    case 'ip-group': {
      const group = estate.ipGroups.find(({ key }) => key === item.key);
      if (group === undefined) return perhaps(question, `${item.key} holds the address at ${where}`);
      return meansAddress(question, group.addresses, { address, where: item.key });
    }
    case 'unsettled':
      return perhaps(question, `the expression at ${where} means the address`);
    case 'asg':
    case 'name':
    case 'pods':
    case 'invalid':
      return false;
  }
}

/** Whether one of the groups of pods in a list holds the sender. */
export function meansPod(question: Question, items: readonly AddressItem[]): boolean {
  const { packet, estate } = question;
  const { pod } = packet;
  if (pod === undefined) return false;
  return items.some((item) => {
    if (item.kind !== 'pods') return false;
    const group = estate.podGroups.find(({ key }) => key === item.key);
    if (group === undefined || group.unsettled.length > 0 || group.condition !== undefined)
      return perhaps(question, `${item.key} holds the pod`);
    const { pods, namespaces } = group;
    if (pods !== undefined && !selects(pods, (key) => pod.labels.get(key))) return false;
    if (namespaces !== undefined) return selects(namespaces, (key) => pod.namespaceLabels.get(key));
    return perhaps(question, `${item.key} is for every namespace`);
  });
}
