import { uuidIn } from '#base/uuid.ts';
import type { Evidence, Place } from '#model/control.ts';
import type { ControlEntry, Finding, OpenEntry, ScanAnswer } from '#model/scan.ts';
import { answeredBy, evidenceText, radiusText } from '../text/scan-words.ts';
import { objectText, originText } from '../words.ts';
import { valueText } from './json.ts';

/** Drawn once, for names of Ringfence. */
const NAMESPACE = '8b0f6d1e-52c7-4c39-9f0a-6d3be1a7c254';

/**
 * Assessment results of OSCAL 1.2 (NIST). A finding of theirs is what is said of one control; each place that decided it is
 * an observation, and each of ours that fails or warns a risk as well. What does not apply is observed and satisfies
 * nothing. UUIDs are made from what they name, so that the same place keeps its own from scan to scan; they are of version 5,
 * because the schema of OSCAL takes 4 and 5 alone.
 */
export function* oscalText(answer: ScanAnswer): Generator<string> {
  yield `${valueText({ 'assessment-results': resultsOf(answer) })}\n`;
}

const NS = 'https://ringfence.dev/ns/oscal';
/** The document is `deploy/oscal/assessment-plan.json`. */
const PLAN = uuidOf('assessment plan');
const TOOL = uuidOf('tool');
/** As the documents of 1.2 say it of themselves. */
const OSCAL_VERSION = '1.2.2';

function resultsOf(answer: ScanAnswer): object {
  const { taken, version, input } = answer;
  const run = [taken, ...input].join('\n');
  return {
    uuid: uuidOf(`document\n${run}`),
    metadata: {
      title: 'Scan by Ringfence',
      'last-modified': taken,
      version: line(taken),
      'oscal-version': OSCAL_VERSION,
      props: propsOf({ 'ringfence-version': version, 'policy-engine': answer.engine.profile }),
    },
    'import-ap': { href: `#${PLAN}` },
    results: [resultOf(answer, uuidOf(`result\n${run}`))],
    'back-matter': {
      resources: [
        {
          uuid: PLAN,
          title: 'Assessment plan',
          description:
            'Every control is examined by the program on manifests, live objects and resources of the cloud, as its page says; where no input decides, a person is asked one question, and the answer is kept with its author and date.',
          rlinks: [{ href: 'https://ringfence.dev/oscal/assessment-plan.json' }],
        },
      ],
    },
  };
}

function resultOf(answer: ScanAnswer, uuid: string): object {
  const { taken, controls, findings, open, input } = answer;
  const places = new Map([...findings, ...open].map(({ where }) => [where.id, where]));
  const whole = controls.filter(({ id }) => ![...findings, ...open].some(({ control }) => control === id));
  return {
    uuid,
    title: 'Scan',
    description: `Controls judged on ${input.length === 0 ? 'the input' : input.join(', ')}.`,
    start: taken,
    end: taken,
    'local-definitions': {
      ...listed('inventory-items', [...places.values()].map(inventoryItem)),
      'assessment-assets': ASSETS,
    },
    'reviewed-controls': {
      'control-selections': [
        listed(
          'include-controls',
          controls.map(({ id }) => ({ 'control-id': id })),
        ),
      ],
    },
    ...listed(
      'observations',
      once([
        ...findings.map((finding) => observationOf(answer, finding)),
        ...open.map((entry) => observationOf(answer, entry)),
        ...whole.map((control) => wholeObservation(answer, control)),
      ]),
    ),
    ...listed('risks', once(findings.map(riskOf))),
    ...listed(
      'findings',
      controls.filter(({ state }) => state !== 'NA' && state !== 'NA-PROVIDER').map((each) => findingOf(answer, each)),
    ),
  };
}

const ASSETS = {
  components: [
    {
      uuid: TOOL,
      type: 'software',
      title: 'Ringfence',
      description: 'Judges controls on manifests, live clusters and the Azure network around them.',
      status: { state: 'operational' },
    },
  ],
  'assessment-platforms': [
    { uuid: uuidOf('platform'), title: 'Ringfence', 'uses-components': [{ 'component-uuid': TOOL }] },
  ],
};

const ORIGINS = [{ actors: [{ type: 'tool', 'actor-uuid': TOOL }] }];

interface Identified {
  readonly uuid: string;
  readonly [key: string]: unknown;
}

/** OSCAL has no empty lists. */
function listed(name: string, entries: readonly object[]): object {
  return entries.length === 0 ? {} : { [name]: entries };
}

/** What is told twice is one thing. */
function once(entries: readonly Identified[]): readonly Identified[] {
  return [...new Map(entries.map((entry) => [entry.uuid, entry])).values()];
}

function inventoryItem(where: Place): Identified {
  const { kind, namespace, name, id } = where;
  return { uuid: placeUuid(where), description: objectText(where), props: propsOf({ kind, namespace, name, id }) };
}

function placeUuid({ id }: Place): string {
  return uuidOf(`place\n${id}`);
}

// ---------------------------------------------------------------- observations

type Observed = Finding | OpenEntry;

function observationUuid(observed: Observed): string {
  const own =
    'fingerprint' in observed ? observed.fingerprint : `${observed.control} ${observed.where.id} ${observed.message}`;
  return uuidOf(`observation\n${own}`);
}

function observationOf({ taken }: ScanAnswer, observed: Observed): Identified {
  const { control, where, state, message, evidence } = observed;
  return {
    uuid: observationUuid(observed),
    title: control,
    description: `${objectText(where)}: ${message}`,
    props: propsOf({ control, state }),
    methods: ['EXAMINE'],
    types: ['control-objective'],
    origins: ORIGINS,
    subjects: [{ 'subject-uuid': placeUuid(where), type: 'inventory-item', title: objectText(where) }],
    ...listed('relevant-evidence', evidence.map(evidenceOf)),
    collected: taken,
  };
}

function evidenceOf(evidence: Evidence): object {
  const at = originText(evidence.origin);
  return { description: evidenceText(evidence), ...(at !== '' && { props: propsOf({ place: at }) }) };
}

function wholeUuid(control: string): string {
  return uuidOf(`observation\n${control}`);
}

/** Of what was not judged place by place; what a person said was asked, and not examined. */
function wholeObservation({ taken }: ScanAnswer, { id, state, why, evidence, answer }: ControlEntry): Identified {
  return {
    uuid: wholeUuid(id),
    title: id,
    description: answer === undefined ? why : `${why}; ${answer.answer}, by ${answeredBy(answer)}`,
    props: propsOf({ control: id, state }),
    methods: [answer === undefined ? 'EXAMINE' : 'INTERVIEW'],
    types: ['control-objective'],
    origins: ORIGINS,
    ...listed('relevant-evidence', evidence.map(evidenceOf)),
    collected: answer === undefined ? taken : `${answer.on}T00:00:00Z`,
  };
}

// ---------------------------------------------------------------- risks and findings

function riskUuid({ fingerprint }: Finding): string {
  return uuidOf(`risk\n${fingerprint}`);
}

function riskOf(finding: Finding): Identified {
  const { control, title, where, message, severity, priority, suppressed, blastRadius, fix } = finding;
  const radius = radiusText(blastRadius);
  return {
    uuid: riskUuid(finding),
    title: `${control}: ${title}`,
    description: `${objectText(where)}: ${message}`,
    statement: radius === '' ? message : `Somebody who got in there: ${radius}`,
    props: propsOf({
      control,
      priority: `${priority}`,
      ...(suppressed !== null && { 'accepted-by': suppressed.owner }),
    }),
    status: suppressed === null ? 'open' : 'deviation-approved',
    characterizations: [{ origin: ORIGINS[0], facets: [{ name: 'severity', system: NS, value: severity }] }],
    ...(suppressed !== null && {
      'mitigating-factors': [{ uuid: uuidOf(`acceptance\n${finding.fingerprint}`), description: suppressed.reason }],
    }),
    ...(suppressed?.until !== undefined && { deadline: `${suppressed.until}T23:59:59Z` }),
    ...(fix !== undefined &&
      fix.summary !== '' && {
        remediations: [
          {
            uuid: uuidOf(`remediation\n${finding.fingerprint}`),
            lifecycle: 'recommendation',
            title: 'Fix',
            description: [fix.summary, ...fix.steps].join('\n\n'),
          },
        ],
      }),
  };
}

function findingOf({ findings, open }: ScanAnswer, control: ControlEntry): object {
  const { id, title, state, why, rationale } = control;
  const own = findings.filter((each) => each.control === id);
  const observed = [...own, ...open.filter((each) => each.control === id)].map(observationUuid);
  return {
    uuid: uuidOf(`finding\n${id}`),
    title: `${id}: ${title}`,
    description: rationale,
    props: propsOf({ state }),
    target: { type: 'objective-id', 'target-id': id, status: { ...statusOf(state), remarks: `${state}: ${why}` } },
    'related-observations': (observed.length === 0 ? [wholeUuid(id)] : observed).map((uuid) => ({
      'observation-uuid': uuid,
    })),
    ...listed(
      'related-risks',
      own.map((finding) => ({ 'risk-uuid': riskUuid(finding) })),
    ),
  };
}

/** They have two states: what is not proven to be met is not satisfied, and the reason tells the rest apart. */
function statusOf(state: ControlEntry['state']): { readonly state: string; readonly reason: string } {
  if (state === 'PASS' || state === 'PASS-PLATFORM') return { state: 'satisfied', reason: 'pass' };
  return { state: 'not-satisfied', reason: state === 'FAIL' || state === 'PARTIAL' ? 'fail' : 'other' };
}

function propsOf(values: Readonly<Record<string, string>>): readonly object[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const text = line(value);
    return text === '' ? [] : [{ name, ns: NS, value: text }];
  });
}

/** Values of theirs are one line that neither begins nor ends with a space. */
function line(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function uuidOf(name: string): string {
  return uuidIn(NAMESPACE, name);
}
