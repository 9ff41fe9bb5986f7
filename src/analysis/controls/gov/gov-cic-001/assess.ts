import { escapeControl } from '#base/escape.ts';
import type { Assessment, Judged } from '#model/control.ts';
import { answeredOr, assessmentOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { counted, worded } from '../../worded.ts';
import { type Check, checksOf, comesBefore, type Deployment, deploymentsOf } from '../checks.ts';
import type { Pipeline } from '../pipeline.ts';
import { pipelinesIn, placeOfPipeline, seenIn } from '../pipelines.ts';

export function assessPipelines(context: ControlContext): Assessment {
  const pipelines = pipelinesIn(context);
  const reviewed = pipelines.find(
    (each) => each.triggers.has('pull-request') && checksOf(each).some(({ isGate }) => isGate),
  );
  const places = pipelines.flatMap((pipeline) => judgePipeline(pipeline, reviewed));
  const absent = answeredOr(
    context,
    'GOV-CIC-001',
    pipelines.length === 0
      ? 'no pipeline is in the input: add its YAML, or answer the question'
      : 'no pipeline of the input deploys to a cluster: add those that do, or answer the question',
  );
  const bad = counted('pipeline deploys what nothing has checked', 'pipelines deploy what nothing has checked');
  const warn = counted('pipeline checks and does not stop', 'pipelines check and do not stop');
  const good = counted('pipeline stops where a check fails', 'pipelines stop where a check fails');
  return assessmentOf(places, absent, worded(places, { bad, warn, good }));
}

function judgePipeline(pipeline: Pipeline, reviewed: Pipeline | undefined): readonly Judged[] {
  const deployments = deploymentsOf(pipeline);
  const [first] = deployments;
  if (first === undefined) return pipeline === reviewed ? [judgeReview(pipeline)] : [];
  const checks = checksOf(pipeline);
  const unguarded = deployments.find(
    (deployment) => !checks.some((check) => check.isGate && comesBefore(pipeline, check, deployment)),
  );
  if (unguarded !== undefined) return [judgeUnguarded(pipeline, { deployment: unguarded, checks, reviewed })];
  const gate = checks.find((check) => check.isGate && comesBefore(pipeline, check, first));
  const evidence = gate === undefined ? [] : [seenIn(pipeline, gate.step.path), seenIn(pipeline, first.step.path)];
  const message = `\`${gate?.tool ?? 'a check'}\` stops it before it deploys`;
  return [{ where: placeOfPipeline(pipeline), state: 'PASS', message, evidence }];
}

/** Where Flux or Argo CD deploys what is merged, the check of pull requests is the gate. */
function judgeReview(pipeline: Pipeline): Judged {
  const gates = checksOf(pipeline).filter(({ isGate }) => isGate);
  const message = 'it checks pull requests, and fails where it finds something';
  const evidence = gates.map(({ step }) => seenIn(pipeline, step.path));
  return { where: placeOfPipeline(pipeline), state: 'PASS', message, evidence };
}

interface Unguarded {
  readonly deployment: Deployment;
  readonly checks: readonly Check[];
  readonly reviewed: Pipeline | undefined;
}

function judgeUnguarded(pipeline: Pipeline, { deployment, checks, reviewed }: Unguarded): Judged {
  const where = placeOfPipeline(pipeline);
  const deploys = seenIn(pipeline, deployment.step.path, 'deploys');
  const [check] = checks;
  if (check !== undefined) {
    const why = check.isGate
      ? 'does not have to be over before it deploys'
      : 'only reports: what it finds stops nothing';
    const evidence = [seenIn(pipeline, check.step.path, why), deploys];
    return { where, state: 'WARN', severity: 'low', message: `\`${check.tool}\` runs in it, and ${why}`, evidence };
  }
  const [elsewhere] = pipeline.elsewhere;
  if (elsewhere !== undefined) {
    const message = 'it takes parts from documents that are not in the input: whether these check is open';
    return { where, state: 'UNKNOWN', message, evidence: [seenIn(pipeline, elsewhere), deploys] };
  }
  if (reviewed !== undefined) {
    const name = escapeControl(placeOfPipeline(reviewed).name);
    const message = `pull requests are checked by \`${name}\`; whether that must pass before a merge is set in the repository`;
    return { where, state: 'WARN', severity: 'low', message, evidence: [deploys] };
  }
  const message = 'it deploys, and no step of it checks manifests, templates or images';
  return { where, state: 'FAIL', message, evidence: [deploys] };
}
