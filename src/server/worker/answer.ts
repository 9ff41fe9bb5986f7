import { toldControls } from '#analysis/controls/told.ts';
import { egressOf } from '#analysis/egress/egress.ts';
import { endpointsOf } from '#analysis/endpoints.ts';
import { CONNECTION_FORM, EXPOSURE_FORM, POLICY_FORM } from '#analysis/filter-forms.ts';
import { testOf } from '#analysis/invariants/test.ts';
import { narrowedMap } from '#analysis/map/narrow.ts';
import { nearest } from '#analysis/nearest.ts';
import { escapeControl } from '#base/escape.ts';
import type { ExposeAnswer } from '#model/answers.ts';
import type { EgressAnswer } from '#model/egress.ts';
import type { ToldControl } from '#model/scan.ts';
import { acceptanceAnswer } from './acceptance-answer.ts';
import { allPolicies } from './all-policies.ts';
import { baselinesAnswer } from './baselines-answer.ts';
import { changesReply } from './changes-answer.ts';
import { diffAnswer } from './comparison.ts';
import { drawingReply } from './drawing-answer.ts';
import { driftAnswer } from './drift-answer.ts';
import { environmentAnswer, inputOf } from './environment-answer.ts';
import { exposedOf } from './exposed.ts';
import { fixAnswer, tryAnswer } from './fix-answer.ts';
import { isolationAnswer } from './isolation-answer.ts';
import { cut, ENDPOINT_FORM, isIn, keptBy, pageOf, refuseUnknownNamespaces } from './lists.ts';
import { mapAnswer } from './map-answer.ts';
import { type Material, once, resourcesOf } from './material.ts';
import { axisAnswer, tileReply } from './matrix-answers.ts';
import { namesFor } from './names.ts';
import { pathAnswer } from './path-answer.ts';
import { previewAnswer } from './preview.ts';
import {
  type AnalysisAsked,
  type EditingAsked,
  type MapAsked,
  type Page,
  type PathAsked,
  type Question,
  Refused,
  type Reply,
} from './question.ts';
import { answered, told } from './reply.ts';
import { pathReportReply, reportReply } from './report-answer.ts';
import { rulebookAnswer } from './rulebook-answer.ts';
import { findingAnswer, scanAnswer } from './scan-answer.ts';
import { snapshotText } from './snapshot-text.ts';
import { sourceAnswer } from './source-answer.ts';
import { textsAnswer } from './texts-answer.ts';
import { workloadAnswer } from './workload-answer.ts';

/** What one revision says. Throws for our own bugs only. */
export async function replyTo(
  material: Material,
  question: Question,
  onProgress: (what: string) => void,
): Promise<Reply> {
  try {
    return await (isOfEditor(question)
      ? editingAnswer(material, question, onProgress)
      : dispatch(material, question, onProgress));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { kind: 'problem', problem: error.problem, message: error.message, near: error.near };
  }
}

function dispatch(
  material: Material,
  question: AnalysisAsked,
  onProgress: (what: string) => void,
): Reply | Promise<Reply> {
  switch (question.kind) {
    case 'environment':
      return environmentAnswer(material, question.page);
    case 'endpoints':
      return endpointsAnswer(material, question.page);
    case 'names':
      return told({ schema: 'ringfence.dev/names/v1', names: namesFor(material, question.text, question.limit) });
    case 'map':
      return mapReply(material, question.asked, question.page);
    case 'drawing':
      return drawingReply(material, question);
    case 'axis':
      return axisAnswer(material, question.level, question.page);
    case 'tile':
      return tileReply(material, question);
    case 'changes':
      return changesReply(material, question);
    case 'path':
      return answered(pathAnswer(material, question.asked));
    case 'path-report':
      return pathReportReply(material, question);
    case 'azure-path':
      return azurePathAnswer(material, question.asked);
    case 'expose':
      return exposeReply(material, question.namespaces, question.page);
    case 'workload':
      return workloadAnswer(material, question, onProgress);
    case 'policies':
      return policiesReply(material, question.namespaces, question.page);
    case 'scan':
      return scanAnswer(material, question, onProgress);
    case 'report':
      return reportReply(material, question, onProgress);
    case 'rulebook':
      return rulebookAnswer(material, question, onProgress);
    case 'baselines':
      return baselinesAnswer(material, question, onProgress);
    case 'isolation':
      return isolationAnswer(material, question.id);
    case 'controls':
      return controlsReply(question.id);
    case 'egress':
      return egressReply(material, question.namespaces);
    case 'invariants':
      return invariantsReply(material);
    case 'diff':
      return diffAnswer(material, question, onProgress);
    case 'drift':
      return driftAnswer(material, question, onProgress);
    case 'finding':
      return findingAnswer(material, question, onProgress);
    case 'source':
      return sourceAnswer(material, question);
    case 'snapshot':
      return snapshotReply(material, question.taken);
  }
}

const EDITING: ReadonlySet<string> = new Set<EditingAsked['kind']>(['texts', 'fix', 'try', 'acceptance', 'preview']);

function isOfEditor(question: Question): question is EditingAsked {
  return EDITING.has(question.kind);
}

function editingAnswer(material: Material, question: EditingAsked, onProgress: (what: string) => void): Reply {
  if (question.kind === 'texts') return textsAnswer(material, question.today);
  if (question.kind === 'try') return tryAnswer(material, question);
  if (question.kind === 'acceptance') return acceptanceAnswer(material, question, onProgress);
  return question.kind === 'fix' ? fixAnswer(material, question) : previewAnswer(material, question, onProgress);
}

function snapshotReply(material: Material, taken: string): Reply {
  return {
    kind: 'json',
    text: snapshotText(material, taken),
    total: resourcesOf(material.snapshot),
    from: inputOf(material),
  };
}

function endpointsAnswer(material: Material, page: Page): Reply {
  const all = once(material, 'endpoints', () => endpointsOf(material.analysis.engine).map(({ entry }) => entry));
  const { list, total } = pageOf(all, page, ENDPOINT_FORM);
  return told({ schema: 'ringfence.dev/endpoints/v1', total, endpoints: list }, total);
}

function mapReply(material: Material, asked: MapAsked, page: Page): Reply {
  refuseUnknownNamespaces(material, asked.namespaces);
  const map = once(material, `map:${JSON.stringify(asked)}`, () => mapAnswer(material, asked));
  const narrowed = page.filter === undefined ? map : narrowedMap(map, keptBy(page.filter, CONNECTION_FORM));
  const { list, total } = cut(narrowed.connections, page);
  return answered({ ...narrowed, connections: list }, total);
}

/** Layers of the cloud that a connection goes through, each with every rule that was looked at. */
const CLOUD_LAYER = /^(?:network-security|route|firewall|service|waf|translation|entrance)/;

function azurePathAnswer(material: Material, asked: PathAsked): Reply {
  if (material.snapshot.azure.resources.size === 0)
    throw new Refused('missing', 'the input has no cloud resources: name them with --azure when the server is started');
  const answer = pathAnswer(material, { ...asked, changes: 'none' });
  const { engine, from, to, protocol, port, verdict, reasons, assumptions, diagnostics } = answer;
  const branches = answer.branches.length > 0 ? answer.branches : [answer];
  return told({
    schema: 'ringfence.dev/azure-path/v1',
    engine,
    from,
    to,
    protocol,
    ...(port !== undefined && { port }),
    verdict,
    reasons,
    branches: branches.map((branch) => ({
      from: branch.from,
      to: branch.to,
      verdict: branch.verdict,
      layers: branch.hops.filter(({ layer }) => CLOUD_LAYER.test(layer)),
    })),
    assumptions,
    diagnostics,
  });
}

function exposeReply(material: Material, namespaces: readonly string[], page: Page): Reply {
  refuseUnknownNamespaces(material, namespaces);
  const { analysis } = material;
  const { exposures, reach, potential } = exposedOf(material);
  const inside = exposures.filter(({ to }) => isIn(namespaces, to));
  const { list, total } = pageOf(inside, page, EXPOSURE_FORM);
  const answer: ExposeAnswer = {
    schema: 'ringfence.dev/expose/v1',
    engine: analysis.entry,
    exposures: list,
    ...(page.filter !== undefined && { unfiltered: inside.length }),
    reach: reach.filter(({ from, to }) => isIn(namespaces, from) || isIn(namespaces, to)),
    potential: potential.filter(({ endpoint }) => isIn(namespaces, endpoint)),
    assumptions: analysis.assumptions,
    diagnostics: analysis.diagnostics,
  };
  return answered(answer, total);
}

function policiesReply(material: Material, namespaces: readonly string[], page: Page): Reply {
  refuseUnknownNamespaces(material, namespaces);
  const all = allPolicies(material);
  // A cluster-wide policy belongs to every namespace in which it selects something.
  const inside = all.policies.filter(({ namespace, selects }) =>
    namespace === ''
      ? namespaces.length === 0 || selects.some((id) => isIn(namespaces, id))
      : isIn(namespaces, `${namespace}/`),
  );
  const { list, total } = pageOf(inside, page, POLICY_FORM);
  return answered({ ...all, policies: list }, total);
}

function controlsReply(id: string | undefined): Reply {
  const all = toldControls();
  const controls = id === undefined ? all : [controlNamed(all, id)];
  return answered({ schema: 'ringfence.dev/controls/v1', controls });
}

function controlNamed(all: readonly ToldControl[], id: string): ToldControl {
  const found = all.find((control) => control.id === id.toUpperCase());
  if (found !== undefined) return found;
  const near = nearest(
    id.toUpperCase(),
    all.map((control) => control.id),
  );
  throw new Refused('missing', `\`${escapeControl(id)}\` is not a control`, near);
}

function egressReply(material: Material, namespaces: readonly string[]): Reply {
  if (material.snapshot.azure.resources.size === 0)
    throw new Refused('missing', 'the input has no cloud resources: name them with --azure when the server is started');
  refuseUnknownNamespaces(material, namespaces);
  const all = once(material, 'egress', () => egressOf(material.analysis));
  return answered(inNamespaces(all, namespaces));
}

/** What the network as a whole needs is told whatever the namespace. */
function inNamespaces(answer: EgressAnswer, namespaces: readonly string[]): EgressAnswer {
  if (namespaces.length === 0) return answer;
  const isAbout = (ids: readonly string[]) => ids.some((id) => isIn(namespaces, id));
  return {
    ...answer,
    disagreements: answer.disagreements.filter(({ state, from }) => state === 'azure-allows' || isAbout(from)),
    unlimited: answer.unlimited.filter((id) => isIn(namespaces, id)),
  };
}

function invariantsReply(material: Material): Reply {
  const { analysis, invariants, texts } = material;
  const tested = once(material, 'invariants', () => testOf(analysis, invariants.invariants));
  const own = [...texts.problems.invariants, ...invariants.diagnostics];
  const known = new Set(tested.diagnostics.map((each) => JSON.stringify([each.code, each.message, each.origin])));
  const more = own.filter((each) => !known.has(JSON.stringify([each.code, each.message, each.origin])));
  return answered({ ...tested, diagnostics: [...tested.diagnostics, ...more] });
}
