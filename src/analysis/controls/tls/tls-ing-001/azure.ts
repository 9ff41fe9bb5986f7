import { isKey } from '#engine/compile/azure/view.ts';
import type { AzureResource } from '#model/azure/resource.ts';
import type { Judged } from '#model/control.ts';
import {
  evidenceOf,
  evidenceOfResource,
  itemsAt,
  placeOfResource,
  resourceOf,
  resourcesOfType,
  type Setting,
  settingAt,
  settingOf,
  unknownOf,
} from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';

/** Listeners of Application Gateways that speak HTTP, and whether they only redirect. */
export function gatewayPlaces(context: ControlContext): Judged[] {
  return context.snapshot.azure.applicationGateways.flatMap((gateway) => {
    const resource = resourceOf(context, gateway.id);
    if (resource === undefined) return [];
    const redirecting = redirectingListeners(resource);
    return gateway.listeners.map((listener): Judged => {
      const where = placeOfResource(resource);
      const evidence = [evidenceOfResource(resource, `listener ${listener.name}`)];
      const base = { where, evidence, detail: `listener ${listener.name}` };
      if (listener.isTls) return { ...base, state: 'PASS', message: `listener \`${listener.name}\` speaks TLS` };
      if (redirecting.has(listener.name.toLowerCase()))
        return { ...base, state: 'PASS', message: `listener \`${listener.name}\` only redirects to HTTPS` };
      const front = isKey(listener.frontend)
        ? gateway.frontends.find(({ key }) => key === listener.frontend)
        : gateway.frontends[0];
      const isPublic = front?.publicIp !== undefined;
      const message = `listener \`${listener.name}\` takes plain requests${isPublic ? '' : ' from connected networks'}`;
      return { ...base, state: isPublic ? 'FAIL' : 'WARN', message };
    });
  });
}

/** Names of listeners whose rule redirects to a listener with TLS, or to an address with `https`. */
function redirectingListeners(resource: AzureResource): ReadonlySet<string> {
  const rules = partsOf(itemsAt(resource, 'properties', 'requestRoutingRules'));
  const redirects = partsOf(itemsAt(resource, 'properties', 'redirectConfigurations'));
  return new Set(
    rules.flatMap((rule) => {
      const wanted = lastPart(settingOf(rule, 'properties', 'redirectConfiguration', 'id'));
      const redirect = redirects.find((each) => wanted !== undefined && lastPart(settingOf(each, 'name')) === wanted);
      const listener = lastPart(settingOf(rule, 'properties', 'httpListener', 'id'));
      if (redirect === undefined || listener === undefined) return [];
      const toListener = settingOf(redirect, 'properties', 'targetListener', 'id');
      const toUrl = settingOf(redirect, 'properties', 'targetUrl');
      const isSecure =
        toListener.state === 'value' || (toUrl.state === 'value' && String(toUrl.value).startsWith('https://'));
      return isSecure ? [listener] : [];
    }),
  );
}

function partsOf(items: ReturnType<typeof itemsAt>) {
  return 'kind' in items ? [] : items;
}

function lastPart(setting: Setting): string | undefined {
  return setting.state === 'value' ? String(setting.value).split('/').at(-1)?.toLowerCase() : undefined;
}

/** Routes of Front Door that answer plain requests. */
export function doorPlaces(context: ControlContext): Judged[] {
  return resourcesOfType(context, 'Microsoft.Cdn/profiles/afdEndpoints/routes').map((route): Judged => {
    const where = placeOfResource(route);
    const protocols = settingAt(route, 'properties', 'supportedProtocols');
    const redirect = settingAt(route, 'properties', 'httpsRedirect');
    const forwarding = settingAt(route, 'properties', 'forwardingProtocol');
    for (const setting of [protocols, redirect, forwarding])
      if (setting.state === 'unsettled') return unknownOf(route, setting);
    const evidence = [protocols, redirect, forwarding].map((setting) => evidenceOf(route, setting));
    const list = protocols.state === 'value' && Array.isArray(protocols.value) ? protocols.value : ['Http', 'Https'];
    const redirects = redirect.state === 'value' && redirect.value === 'Enabled';
    if (list.some((each) => String(each).toLowerCase() === 'http') && !redirects)
      return { where, state: 'FAIL', message: 'it answers plain requests without a redirect', evidence };
    return forwarding.state === 'value' && forwarding.value === 'HttpOnly'
      ? { where, state: 'WARN', message: 'it asks its origin without TLS', evidence }
      : { where, state: 'PASS', message: 'it redirects plain requests to HTTPS', evidence };
  });
}
