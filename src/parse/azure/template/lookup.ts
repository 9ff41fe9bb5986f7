import { azureKey } from '#model/azure/resource.ts';
import { typeInId } from '../expression/resource-id.ts';
import { shownText, textOf } from '../expression/text.ts';
import type { Value } from '../expression/values.ts';
import type { Instance } from './instance.ts';
import type { World } from './world.ts';

/**
 * The resources of one template, to be found by what `reference` names them with. Names are worked out while one is
 * sought, for a name may itself come from a reference; what is just being worked out is passed by.
 */
export class Lookup {
  readonly #instances: readonly Instance[];
  readonly #world: World;
  readonly #byType = new Map<string, Instance[]>();
  readonly #bySymbol = new Map<string, Instance[]>();

  constructor(instances: readonly Instance[], world: World) {
    this.#instances = instances;
    this.#world = world;
    for (const instance of instances) {
      add(this.#byType, azureKey(instance.type), instance);
      if (instance.symbol !== undefined) add(this.#bySymbol, instance.symbol.toLowerCase(), instance);
    }
  }

  find(target: Value): Instance | undefined {
    const text = textOf(target);
    if (text === undefined || text.length === 0) return undefined;
    const shown = shownText(text);
    const found = shown.startsWith('/') ? this.#byId(shown) : this.#byName(shown);
    if (found === undefined || !found.existing) return found;
    return this.#world.instanceOf(found.idKey) ?? found;
  }

  /** All rounds of the loop that a symbolic name stands for. */
  loopOf(symbol: string): readonly Instance[] | undefined {
    return this.#bySymbol.get(symbol.toLowerCase());
  }

  #byId(id: string): Instance | undefined {
    const key = azureKey(id);
    const type = typeInId(id);
    for (const instance of this.#byType.get(azureKey(type ?? '')) ?? [])
      if (this.#world.meter.spend(1) && !instance.isBusy && instance.idKey === key) return instance;
    return this.#world.instanceOf(key);
  }

  /** A name alone is enough where only one resource has it: `reference('pip')`. */
  #byName(name: string): Instance | undefined {
    const bySymbol = this.#bySymbolOf(name);
    if (bySymbol !== undefined) return bySymbol;
    let found: Instance | undefined;
    for (const instance of this.#instances) {
      if (!this.#world.meter.spend(1) || instance.isBusy) continue;
      const own = azureKey(shownText(instance.nameText));
      if (own !== azureKey(name) && `${azureKey(instance.type)}/${own}` !== azureKey(name)) continue;
      if (found !== undefined) return undefined;
      found = instance;
    }
    return found;
  }

  /** `subnet`, or `subnets[2]` for a round of a loop. */
  #bySymbolOf(text: string): Instance | undefined {
    const [, symbol = '', round] = /^([^[\]]+)(?:\[(\d{1,4})\])?$/.exec(text) ?? [];
    const instances = this.#bySymbol.get(symbol.toLowerCase());
    return round === undefined && instances?.length !== 1 ? undefined : instances?.[Number(round ?? 0)];
  }
}

function add(map: Map<string, Instance[]>, key: string, instance: Instance): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [instance]);
  else list.push(instance);
}
