import { escapeControl } from '#base/escape.ts';
import type { Fix, Place } from '#model/control.ts';
import { plain } from '../../assessment.ts';
import { assessed } from '../../azure-judging.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { withheldMaps } from '../../withheld.ts';
import { addonPlaces } from './addons.ts';
import { controllerPlaces } from './products.ts';
import { SNIPPETS, snippetPlaces, snippetUses } from './snippets.ts';

export const ingCtl002: Control = {
  data: {
    id: 'ING-CTL-002',
    title: 'The ingress controller is a product that somebody still mends',
    severity: 'high',
    rationale:
      'What takes requests from the internet is the first to be attacked. A controller that gets no more fixes stays open to the next hole, and settings that let users write raw configuration hand out its secrets.',
    evidence:
      'classes of Ingress and Gateway and who serves them, images of controllers, their ConfigMaps, add-ons of the cluster (`addonProfiles`, `ingressProfile`), and the table of retirements',
    states: [
      {
        state: 'FAIL',
        when: 'the community controller ingress-nginx or HTTP application routing is in use after its end, or snippets are allowed',
      },
      {
        state: 'WARN',
        when: 'it is in use and its end is near or known: NGINX of application routing, the Application Gateway ingress controller',
      },
      { state: 'UNKNOWN', when: 'which product serves a class is not in the input' },
      { state: 'PASS', when: 'a product in support serves it' },
      { state: 'NA', when: 'the input has neither Ingress nor Gateway nor a controller' },
    ],
    remedy:
      'Move to an implementation of Gateway API (application routing with Gateway API, Application Gateway for Containers, Istio) and set `allow-snippet-annotations` to false until then.',
    mappings: mappingsOf({
      'nist-800-190': ['4.4.1', '4.4.4'],
      'nsa-cisa': ['upgrading-and-application-security-practices'],
      'owasp-top-ten': ['K07'],
      mcsb: ['PV-1', 'NS-8'],
      attack: ['T1190'],
      'aks-network-baseline': ['L70'],
      'kubernetes-network-practices': ['L53'],
      'securing-kubernetes-in-azure': ['L21', 'L22'],
    }),
  },
  assess(context) {
    return assessed(
      [...addonPlaces(context), ...controllerPlaces(context), ...snippetPlaces(context)],
      plain('NA', 'the input has neither Ingress nor Gateway nor a controller of them'),
      ['controller or class', 'controllers and classes'],
    );
  },
  fix(context, { where, detail }) {
    if (detail !== 'snippets') return moving(where);
    if (where.kind !== 'ConfigMap') return undefined;
    const { namespace, name } = where;
    const object = context.objects.get({ group: '', kind: 'ConfigMap', namespace, name });
    if (object === undefined) return undefined;
    const used = snippetUses(context);
    return {
      summary: `let Ingresses write no configuration of the controller (ConfigMap \`${namespace}/${name}\`)`,
      automatic: used.length === 0,
      changes: [
        {
          kind: 'edit-object',
          object,
          edits: [{ op: 'set', path: ['data', SNIPPETS], value: 'false' }],
        },
      ],
      steps:
        used.length === 0 ? [] : [`replace the snippets of ${used.length} Ingresses by annotations of their own first`],
    };
  },
  readsValues: {
    of: (context) => withheldMaps(context, SNIPPETS),
    doubts: (_, own) => own !== undefined,
    adds: false,
  },
};

/** A product that goes away is no setting: what it serves moves. */
function moving({ name }: Place): Fix {
  return {
    summary: `move what \`${escapeControl(name)}\` serves to a product that somebody mends`,
    automatic: false,
    changes: [],
    steps: [
      'choose an implementation of Gateway API: application routing with Gateway API, Application Gateway for Containers, Istio',
      'write a Gateway and HTTPRoutes for the hosts of each Ingress, and let both run beside each other: `ringfence expose` shows that they lead to the same pods',
      'point DNS at the new address, then delete the old class and its controller',
      'until then keep `allow-snippet-annotations` at `false`',
    ],
  };
}
