import { realpath } from 'node:fs/promises';
import { textOf } from './read-file.ts';
import { commandText, findTool, runTool, type Tool } from './run-tool.ts';
import { type Place, report, type Session } from './session.ts';

/** Renders a kustomization into the session's files. False, with a diagnostic, where that is not possible. */
export async function renderKustomization(session: Session, place: Place): Promise<boolean> {
  const tool = await kustomizeTool(session, place);
  if (tool === undefined) {
    const help = `run \`${commandText(['kustomize', 'build', place.name])}\` where it is installed and point Ringfence at the output`;
    const message = `\`${place.name}\` is a kustomization, and neither kustomize nor kubectl is on the PATH`;
    report(session, { code: 'RF1010', name: place.name, message, help });
    return false;
  }
  return renderWith(session, place, { tool, by: 'kustomize', command: ['kubectl', 'kustomize', place.name] });
}

/** The same for a Helm chart, with its own default values. */
export async function renderChart(session: Session, place: Place): Promise<boolean> {
  const command = ['helm', 'template', RELEASE_NAME, place.name];
  const path = await findTool(session, 'helm');
  if (path === undefined) {
    const help = `run \`${commandText(command)}\`, with your values, where helm is installed and point Ringfence at the output`;
    report(session, {
      code: 'RF1010',
      name: place.name,
      message: `\`${place.name}\` is a Helm chart, and helm is not on the PATH`,
      help,
    });
    return false;
  }
  return renderWith(session, place, {
    tool: { path, args: ['template', RELEASE_NAME, await target(place)] },
    by: 'helm',
    command,
  });
}

const RELEASE_NAME = 'release';

interface Rendering {
  readonly tool: Tool;
  readonly by: 'kustomize' | 'helm';
  /** For people. */
  readonly command: readonly string[];
}

async function renderWith(session: Session, place: Place, rendering: Rendering): Promise<boolean> {
  const result = await runTool(session, rendering.tool, { cwd: session.cwd });
  if (!result.ok) {
    const message = `\`${place.name}\` cannot be rendered: ${result.why}`;
    report(session, {
      code: 'RF1011',
      name: place.name,
      message,
      help: `run \`${commandText(rendering.command)}\` to see it in full`,
    });
    return false;
  }
  const source = await textOf(session, `${place.name} (${rendering.by})`, result.output);
  if (source === undefined) return false;
  session.files.push({ ...source, renderedBy: rendering.by });
  return true;
}

async function kustomizeTool(session: Session, place: Place): Promise<Tool | undefined> {
  const kustomize = await findTool(session, 'kustomize');
  if (kustomize !== undefined) return { path: kustomize, args: ['build', await target(place)] };
  const kubectl = await findTool(session, 'kubectl');
  return kubectl === undefined ? undefined : { path: kubectl, args: ['kustomize', await target(place)] };
}

/** An absolute path: it cannot be taken for an option or a URL. */
function target(place: Place): Promise<string> {
  return realpath(place.path);
}
