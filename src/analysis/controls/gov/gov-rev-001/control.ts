import { escapeControl } from '#base/escape.ts';
import type { Assessment, Evidence, Judged } from '#model/control.ts';
import { assessmentOf, CLUSTER, plain } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { daysBetween } from '../../days.ts';
import { mappingsOf } from '../../mappings.ts';
import { counted, worded } from '../../worded.ts';
import { checksOf } from '../checks.ts';
import { pipelinesIn, seenIn } from '../pipelines.ts';

const ID = 'GOV-REV-001';
/** How long a review holds: half a year, as PCI DSS 4.0 asks for rules of the network (1.2.7). */
const CADENCE_DAYS = 184;

export const govRev001: Control = {
  data: {
    id: ID,
    title: 'Configuration, network and access are reviewed, and exceptions end',
    severity: 'low',
    rationale:
      'Rules and rights are added with a reason and stay without one. Somebody has to look at them again, and what was accepted for a time has to count again after it.',
    evidence:
      'The last answer in `ringfence.yaml` to whether it was reviewed, accepted findings and their ends, and pipelines that check on a schedule.',
    states: [
      { state: 'PASS', when: 'a review of the last half year is recorded, and no acceptance is past its end' },
      { state: 'FAIL', when: 'the last review is older, or an acceptance is past its end' },
      { state: 'WARN', when: 'a finding is accepted without an end' },
      { state: 'MANUAL', when: 'no review is recorded' },
    ],
    remedy:
      'Review rules, rights and accepted findings twice a year, write down who did it and when, and run the scan on a schedule.',
    mappings: mappingsOf({
      'cis-kubernetes': ['5.3.2'],
      'cis-aks': ['4.1.1'],
      'nist-800-190': ['4.3.1'],
      'nsa-cisa': ['upgrading-and-application-security-practices'],
      'owasp-top-ten': ['K10'],
      mcsb: ['PV-2', 'PV-4', 'PA-4', 'GS-5'],
      'azure-security-book': ['L14'],
      'kubernetes-network-practices': ['L25'],
      'securing-kubernetes-in-azure': ['L43', 'L44', 'L55'],
    }),
    question:
      'Were configuration, network rules, rights and vulnerabilities of this cluster reviewed within the last half year?',
  },
  assess: assessReviews,
  fix: (_, { message }) => ({
    summary: 'review, and write down who did it and when',
    automatic: false,
    changes: [],
    steps: [
      message.includes('accepted')
        ? 'close the finding, or accept it anew with an end'
        : 'read the findings and the accepted ones, policy by policy',
      `answer ${ID} under \`controls.answers\` in \`ringfence.yaml\` with your name and the day`,
    ],
  }),
};

function assessReviews(context: ControlContext): Assessment {
  const review = judgeReview(context);
  const accepted = judgeAccepted(context);
  const places = [...(review === undefined ? [] : [review]), ...accepted];
  const scheduled = scheduledChecks(context);
  const said = scheduled.length === 0 ? '' : ', though a pipeline checks on a schedule';
  const absent = plain('MANUAL', `no review is recorded${said}: answer the question in \`ringfence.yaml\``, scheduled);
  if (review === undefined && accepted.every(({ state }) => state !== 'FAIL')) return { ...absent, places: accepted };
  const bad = counted('review is overdue', 'reviews are overdue');
  const warn = counted('finding is accepted without an end', 'findings are accepted without an end');
  const good = counted('review is recorded and in time', 'reviews are recorded and in time');
  return assessmentOf(places, absent, worded(places, { bad, warn, good }));
}

function judgeReview(context: ControlContext): Judged | undefined {
  const given = context.settings.answers.get(ID);
  if (given === undefined) return undefined;
  const { answer, by, on } = given;
  const said: Evidence = { object: `answer of ${by}`, field: `controls.answers.${ID}`, value: answer, why: `on ${on}` };
  const evidence = [said, ...scheduledChecks(context)];
  const days = daysBetween(on.slice(0, 10), context.today);
  const who = escapeControl(by);
  const when = escapeControl(on);
  if (answer === 'no')
    return { where: CLUSTER, state: 'FAIL', message: `${who} says that it was not reviewed`, evidence };
  if (!(days >= 0 && days <= CADENCE_DAYS)) {
    const message = `the last review, by ${who}, is of ${when}: more than half a year ago, or no date`;
    return { where: CLUSTER, state: 'FAIL', message, evidence };
  }
  return { where: CLUSTER, state: 'PASS', message: `${who} reviewed it on ${when}`, evidence };
}

function judgeAccepted({ settings, today }: ControlContext): readonly Judged[] {
  return settings.accepted.flatMap(({ control, where: at = '*', until, owner, origin }): Judged[] => {
    const name = `${control} ${at}`;
    const where = { kind: 'accepted finding', namespace: '', name, id: `accepted/${name}`, origin };
    const evidence: Evidence = {
      object: 'ringfence.yaml',
      field: 'controls.accepted',
      ...(until !== undefined && { value: until }),
      origin,
    };
    if (until === undefined) {
      const message = `it is accepted by ${escapeControl(owner)} without an end`;
      return [{ where, state: 'WARN', message, evidence: [evidence] }];
    }
    if (daysBetween(until.slice(0, 10), today) <= 0) return [];
    const message = `what ${escapeControl(owner)} accepted ended on ${escapeControl(until)}, and nobody looked at it again`;
    return [{ where, state: 'FAIL', message, evidence: [evidence] }];
  });
}

function scheduledChecks(context: ControlContext): readonly Evidence[] {
  return pipelinesIn(context)
    .filter(({ triggers }) => triggers.has('schedule'))
    .flatMap((pipeline) => checksOf(pipeline).map(({ step }) => seenIn(pipeline, step.path, 'checks on a schedule')));
}
