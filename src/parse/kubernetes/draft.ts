import { escapeControl } from '#base/escape.ts';
import { CODES, type DiagnosticCode } from '#model/codes.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Origin } from '#model/origin.ts';
import type { SourceText } from '../text/node.ts';
import { originAt } from '../text/positions.ts';
import type { Strings } from './strings.ts';
import { frameWithoutSecrets } from './without-secrets.ts';

/** A field and where its value stands in the text. */
export interface Place {
  /** `spec.ingress[0].from` */
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

export interface PlacedText extends Place {
  readonly text: string;
}

/** A message with advice that is better than the one of its code. */
export interface Wording {
  readonly message: string;
  readonly help: string;
}

/** A pod template that another object of the snapshot holds (an Argo Rollout's `workloadRef`). */
export interface TemplateRef {
  readonly kind: string;
  readonly name: string;
  /** What to report when nothing in the input has that name. */
  readonly problem: Diagnostic;
}

/** A hostile object can break every rule a million times; a person reads the first few. */
const MOST_PROBLEMS = 40;

/** One object while it is read: its source, and all that is wrong with it. The first problem never hides the second. */
export class Draft {
  readonly source: SourceText;
  readonly strings: Strings;
  /** `NetworkPolicy shop/web` */
  readonly title: string;
  readonly problems: Diagnostic[] = [];
  /** Whether an API server would refuse the object: it then takes no part. */
  refused = false;
  templateRef: TemplateRef | undefined;

  constructor(source: SourceText, strings: Strings, title: string) {
    this.source = source;
    this.strings = strings;
    this.title = title;
  }

  originAt(offset: number): Origin {
    return originAt(this.source, offset);
  }

  /** Reports why an API server would refuse the object. The message goes on from the field's path. */
  refuse(code: DiagnosticCode, place: Place, text: string | Wording): void {
    this.refused = true;
    this.warn(code, place, text);
  }

  /** Reports what does not stop the object from taking part. */
  warn(code: DiagnosticCode, place: Place, text: string | Wording): void {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push(this.diagnostic(code, place, text));
  }

  diagnostic(code: DiagnosticCode, place: Place, text: string | Wording): Diagnostic {
    const { message, help } = typeof text === 'string' ? { message: text, help: CODES[code].fix } : text;
    return {
      code,
      severity: CODES[code].severity,
      message: place.path === '' ? message : `${quote(place.path)} ${message}`,
      help,
      origin: this.originAt(place.start),
      frame: frameWithoutSecrets(this.source, place.start, Math.max(1, place.end - place.start)),
      object: this.title,
    };
  }
}

const LONGEST_QUOTE = 80;

/** User text for a message: in backticks, control characters escaped, clipped. */
export function quote(text: string): string {
  const clipped = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  return `\`${escapeControl(clipped)}\``;
}

/** `a`, `b` or `c` */
export function oneOf(values: readonly string[]): string {
  const quoted = values.map(quote);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}
