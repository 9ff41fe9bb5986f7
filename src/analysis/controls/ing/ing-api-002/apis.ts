import type { AzureResource } from '#model/azure/resource.ts';
import type { Judged } from '#model/control.ts';
import {
  evidenceOf,
  evidenceOfResource,
  placeOfResource,
  resourcesOfType,
  resourcesUnder,
  settingAt,
  unknownOf,
} from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';

const SERVICE = 'Microsoft.ApiManagement/service';

/** Each API of API Management, with the policies of its service and its own. */
export function apiPlaces(context: ControlContext): Judged[] {
  return resourcesOfType(context, `${SERVICE}/apis`).map((api) => judged(context, api));
}

function judged(context: ControlContext, api: AzureResource): Judged {
  const where = placeOfResource(api);
  const required = settingAt(api, 'properties', 'subscriptionRequired');
  const protocols = settingAt(api, 'properties', 'protocols');
  for (const setting of [required, protocols]) if (setting.state === 'unsettled') return unknownOf(api, setting);
  const settings = [required, protocols].map((setting) => evidenceOf(api, setting));
  const isPlain =
    protocols.state === 'value' &&
    Array.isArray(protocols.value) &&
    protocols.value.some((each) => each === 'http' || each === 'ws');
  if (isPlain) return { where, state: 'FAIL', message: 'it takes requests without TLS', evidence: settings };
  const policies = policiesOf(context, api);
  const evidence = [...settings, ...policies.map((policy) => evidenceOfResource(policy, 'a policy that holds for it'))];
  const texts = policies
    .map((policy) => settingAt(policy, 'properties', 'value'))
    .flatMap((setting) => (setting.state === 'value' && typeof setting.value === 'string' ? [setting.value] : []));
  const text = texts.join('\n').replaceAll(/<!--[\s\S]*?-->/g, '');
  const hasKey = !(required.state === 'value' && required.value === false);
  if (texts.length < policies.length || policies.length === 0)
    return { where, state: 'UNKNOWN', message: 'the policies that hold for it are not in the input', evidence };
  if (!AUTHENTICATES.test(text)) {
    return hasKey
      ? { where, state: 'WARN', message: 'it asks for a key and not for who calls', evidence }
      : { where, state: 'FAIL', message: 'anybody may call it: neither a key nor a token is asked for', evidence };
  }
  return LIMITS.test(text)
    ? { where, state: 'PASS', message: 'it asks for tokens or certificates, and limits calls', evidence }
    : { where, state: 'WARN', message: 'nothing limits how often somebody calls it', evidence };
}

const AUTHENTICATES =
  /<(?:validate-jwt|validate-azure-ad-token|validate-client-certificate)\b|<check-header\s[^>]*name="authorization"/i;
const LIMITS = /<(?:rate-limit|rate-limit-by-key|quota|quota-by-key|llm-token-limit|azure-openai-token-limit)\b/i;

/** Of the whole service and of the API; those of single operations hold for these alone. */
function policiesOf(context: ControlContext, api: AzureResource): readonly AzureResource[] {
  const [service = ''] = /^.*?\/service\/[^/]+/i.exec(api.id) ?? [];
  return [
    ...resourcesUnder(context, service, `${SERVICE}/policies`),
    ...resourcesUnder(context, api.id, `${SERVICE}/apis/policies`),
  ];
}
