import type { Assessment, Evidence, Judged } from '#model/control.ts';
import type { ClusterObject } from '#model/object.ts';
import { placeOf, plain } from '../../assessment.ts';
import { assessed } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { type AzureWays, placeOfWay, type WalkedWay } from '../azure-ways.ts';
import { controllerWorkloads } from '../controllers.ts';
import { firewallPlugin, hasOwnFirewall, isHttpPort, speaksHttp } from '../http.ts';
import { writtenServices } from '../services.ts';
import { reachedBy, waysThrough } from '../ways.ts';
import { formatList } from '../words.ts';

/** With what Azure has before the cluster: by the object or the resource that opens each way. */
export function placesAround(context: ControlContext, { ways }: AzureWays): Judged[] {
  const groups = Map.groupBy(
    ways.filter(({ way, verdict }) => verdict !== 'denied' && isApplication(context, way)),
    ({ way }) => placeOfWay(context, way).id,
  );
  return [...groups.values()].map((own) => judgedWays(context, own));
}

/** A way that ends at a controller carries what Ingresses and routes say, which are ways of their own. */
function isApplication(context: ControlContext, { to, service, port, through }: WalkedWay['way']): boolean {
  if (controllerWorkloads(context).has(to.to)) return false;
  if (/^(?:Ingress|HTTPRoute|GRPCRoute|Route|Application Gateway|Front Door) /.test(through)) return true;
  return service?.ports.some((each) => each.port === port && isHttpPort(each)) ?? false;
}

function judgedWays(context: ControlContext, own: readonly WalkedWay[]): Judged {
  const where = placeOfWay(context, own[0]!.way);
  const object = context.objects.all.find((each) => placeOf(each).id === where.id);
  const endpoints = [...new Set(own.map(({ way }) => way.to.to))];
  const base = { where, endpoints };
  if (hasOwnFirewall(context, object))
    return {
      ...base,
      state: 'PASS',
      message: 'ModSecurity in the ingress controller looks at its requests',
      evidence: evidenceOf(own),
    };
  const bare = own.filter(({ guard, verdict }) => guard === 'none' && verdict === 'allowed');
  if (bare.length > 0 && firewallPlugin(context) === undefined) {
    const at = formatList([...new Set(bare.map(({ way }) => way.at))]);
    return {
      ...base,
      state: 'FAIL',
      message: `the internet reaches it at ${at}, and nothing looks at requests there`,
      evidence: evidenceOf(bare),
    };
  }
  const open = own.filter(({ guard }) => guard !== 'guarded');
  if (open.length > 0)
    return {
      ...base,
      state: 'UNKNOWN',
      message: 'whether a web application firewall looks at its requests is not settled by the input',
      evidence: evidenceOf(open),
    };
  return {
    ...base,
    state: 'PASS',
    message: 'a web application firewall looks at what comes from the internet',
    evidence: evidenceOf(own),
  };
}

function evidenceOf(ways: readonly WalkedWay[]): Evidence[] {
  return ways.slice(0, 4).map(({ way: { through, at, legs, origin } }) => ({
    object: through,
    field: at,
    why:
      legs
        .flatMap(({ steps }) =>
          steps.flatMap((step) => (step.kind === 'told' && step.entry.layer === 'waf' ? [step.entry.why] : [])),
        )
        .join('; ') || 'no web application firewall stands on this way',
    origin,
  }));
}

// ---------------------------------------------------------------- without Azure

/** Manifests alone show a firewall where the controller holds one; what stands before the cluster they do not show. */
export function placesWithout(context: ControlContext): Assessment {
  const entries = publicEntries(context);
  const own = entries.filter((object) => hasOwnFirewall(context, object));
  const rest = entries.filter((object) => !own.includes(object));
  if (entries.length === 0) return plain('NA', 'the input shows no way from the internet to an HTTP application');
  if (rest.length > 0) {
    const why = `what stands before ${rest.length} ${rest.length === 1 ? 'way' : 'ways'} from the internet is not in the input: give the Azure network with --azure`;
    return plain(
      'UNKNOWN',
      why,
      rest.slice(0, 8).map((object) => seenAt(object, [])),
    );
  }
  const passing = own.map(
    (object): Judged => ({
      where: placeOf(object),
      state: 'PASS',
      message: 'ModSecurity in the ingress controller looks at its requests',
      evidence: [seenAt(object, ['metadata', 'annotations', 'nginx.ingress.kubernetes.io/enable-modsecurity'])],
    }),
  );
  return assessed(passing, plain('NA', ''), ['way in', 'ways in']);
}

function publicEntries(context: ControlContext): ClusterObject[] {
  const { objects } = context;
  const controllers = controllerWorkloads(context);
  const isPublic = (object: ClusterObject) =>
    ['internet', 'assumed'].includes(
      reachedBy(waysThrough(context, object).filter(({ verdict }) => verdict !== 'denied')),
    );
  const routed = [
    ...objects.of('networking.k8s.io', 'Ingress'),
    ...objects.of('gateway.networking.k8s.io', 'HTTPRoute'),
    ...objects.of('gateway.networking.k8s.io', 'GRPCRoute'),
    ...objects.of('route.openshift.io', 'Route'),
  ];
  const services = writtenServices(context).filter(
    ({ service, object }) =>
      service.type === 'LoadBalancer' &&
      speaksHttp(service) &&
      waysThrough(context, object).some(
        ({ scope, to, verdict }) => scope === 'internet' && verdict !== 'denied' && !controllers.has(to),
      ),
  );
  return [...routed.filter(isPublic), ...services.map(({ object }) => object)];
}
