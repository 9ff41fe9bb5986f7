// One word for one thing: refuses the synonyms that make readers wonder whether two things are meant.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Word {
  readonly wrong: RegExp;
  readonly right: string;
}

const SELF = join('scripts', 'spelling.ts');
const SCANNED = ['src', 'docs', 'examples', 'scripts', 'bench', 'test', '.'].filter((folder) => existsSync(folder));
/** What people write for people. Code is read too: messages and comments are in it. */
const READ = /\.(?:ts|mjs|md|yaml)$/;
const SKIPPED = /^(?:node_modules|dist|goldens|fixtures|corpus|\..*)$/;

const WORDS: readonly Word[] = [
  { wrong: /\b(?:reachab(?:le|ility)|connectivity) (?:matrix|graph)\b/i, right: 'reachability' },
  { wrong: /\bconnlist\b/i, right: 'reachability' },
  { wrong: /\b(?:black|deny)-?list(?:ed|ing)?\b/i, right: 'deny rule' },
  { wrong: /\bwhite-?list(?:ed|ing)?\b/i, right: 'allow rule' },
  { wrong: /\bengine (?:mode|flavou?r|dialect)\b/i, right: 'engine profile' },
  { wrong: /\bCNI profile\b/i, right: 'engine profile' },
  {
    wrong: /\bverdict (?:is )?(?:permit(?:ted)?|accept(?:ed)?|blocked|refused)\b/i,
    right: 'verdict allowed, denied or unknown',
  },
  { wrong: /\bcode location\b/i, right: 'origin' },
  // Ids of controls, and of entries of frameworks, are no words of ours.
  { wrong: /\b[Nn]et-?[Pp]ols?\b(?!-)/, right: 'NetworkPolicy, or policy' },
  { wrong: /(?<![\w./:@'`-])k8s(?![\w./:'`\\-])/i, right: 'Kubernetes' },
  { wrong: /\bKubernets\b|\bKuberentes\b/i, right: 'Kubernetes' },
  { wrong: /\bloadbalancer\b/, right: 'load balancer' },
  { wrong: /\bmicro-?segmentation\b/i, right: 'segmentation' },
  { wrong: /\bAzure Kubernetes Services\b/, right: 'Azure Kubernetes Service' },
  { wrong: /\b(?:utili[sz]e|leverage)[sd]?\b(?!-)/i, right: 'use' },
  { wrong: /\bin order to\b/i, right: 'to' },
  {
    wrong: /\bseamless(?:ly)?\b|\bblazing(?:ly)?\b|\beffortless(?:ly)?\b/i,
    right: '(say what it does, or give the number)',
  },
  { wrong: /\bTODO\b|\bFIXME\b|\bXXX\b/, right: '(do it, or leave it out)' },
  { wrong: /\bbehavior\b/i, right: 'behaviour' },
  { wrong: /\blicense (?:text|list|file)\b/i, right: 'licence' },
  { wrong: /\boccured\b|\brecieve|\bseperate|\bdefinately\b|\bexsit|\bteh\b|\bneccess/i, right: '(misspelt)' },
];

const complaints: string[] = [];
for (const folder of SCANNED) for (const file of filesIn(folder)) complaints.push(...complaintsIn(file));
for (const complaint of complaints) console.log(complaint);
process.exitCode = complaints.length === 0 ? 0 : 1;

/** The root's own files, and everything below the other folders. */
function filesIn(folder: string): string[] {
  const out: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (SKIPPED.test(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory() && folder !== '.') out.push(...filesIn(path));
    if (entry.isFile() && READ.test(entry.name) && path !== SELF) out.push(path);
  }
  return out;
}

function complaintsIn(file: string): string[] {
  const out: string[] = [];
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    // Code spans quote what is not ours to name: fields, flags, other people's tools. In code a backtick is a message.
    const quoted = file.endsWith('.md') ? line.replace(/`[^`]*`/g, '``') : line;
    // Names of annotations are their owners': nginx.ingress.kubernetes.io/…
    const prose = quoted.replace(/[\w-]+(?:\.[\w-]+)+\/[\w-]+/g, '');
    for (const { wrong, right } of WORDS) {
      const found = wrong.exec(prose);
      if (found !== null) out.push(`${file}:${index + 1}:${found.index + 1}: "${found[0]}" is written: ${right}`);
    }
  }
  return out;
}
