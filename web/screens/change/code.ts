import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  defaultHighlightStyle,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from '@codemirror/language';
import { lintGutter, lintKeymap, type Diagnostic as Mark, setDiagnostics } from '@codemirror/lint';
import { MergeView } from '@codemirror/merge';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Annotation, EditorState, type Extension, type Text } from '@codemirror/state';
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { Diagnostic } from '#model/diagnostic.ts';

export interface CodeRules {
  readonly parent: HTMLElement;
  readonly label: string;
  readonly text: string;
  readonly readOnly: boolean;
  /** Lines of which something is hidden, from 1. */
  readonly hidden: readonly number[];
  readonly onChange: (text: string) => void;
}

export interface Code {
  /** Another text from elsewhere; what is typed here is not told again. */
  readonly replace: (text: string) => void;
  readonly mark: (diagnostics: readonly Diagnostic[]) => void;
  readonly goTo: (line: number) => void;
  readonly close: () => void;
}

/** An editor in a tree of its own: there its styles need no `style` element, which the content policy forbids. */
export function openCode({ parent, label, text, readOnly, hidden, onChange }: CodeRules): Code {
  const root = parent.shadowRoot ?? parent.attachShadow({ mode: 'open' });
  // Tab leaves the editor, as everywhere on a page, after Escape; inside it indents.
  const view = new EditorView({
    root,
    parent: root as unknown as Element,
    state: EditorState.create({
      doc: text,
      extensions: [
        common(label, text),
        history(),
        keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap, ...searchKeymap, indentWithTab]),
        drawSelection(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        // What turns text round or has no form is shown by a sign in its place.
        highlightSpecialChars(),
        highlightSelectionMatches(),
        indentOnInput(),
        bracketMatching(),
        search({ top: true }),
        lintGutter(),
        hiddenLines(hidden),
        EditorState.readOnly.of(readOnly),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !update.transactions.some((each) => each.annotation(FromElsewhere) === true))
            onChange(update.state.sliceDoc());
        }),
      ],
    }),
  });
  return {
    replace: (next) => {
      if (view.state.sliceDoc() === next) return;
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: view.state.toText(next) },
        annotations: FromElsewhere.of(true),
      });
    },
    mark: (diagnostics) => view.dispatch(setDiagnostics(view.state, marksOf(view.state, diagnostics))),
    goTo: (line) => {
      const at = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines));
      view.dispatch({ selection: { anchor: at.from }, effects: EditorView.scrollIntoView(at.from, { y: 'center' }) });
      view.focus();
    },
    close: () => view.destroy(),
  };
}

export interface BothRules {
  readonly parent: HTMLElement;
  readonly theirs: string;
  readonly mine: string;
  readonly onChange: (text: string) => void;
}

/** The text that came from elsewhere beside the own one; its parts can be taken over. */
export function openBoth({ parent, theirs, mine, onChange }: BothRules): () => void {
  const root = parent.shadowRoot ?? parent.attachShadow({ mode: 'open' });
  const view = new MergeView({
    root,
    parent: root as unknown as Element,
    revertControls: 'a-to-b',
    collapseUnchanged: { margin: 3, minSize: 6 },
    a: { doc: theirs, extensions: [common('the file as it is now', theirs), EditorState.readOnly.of(true)] },
    b: {
      doc: mine,
      extensions: [
        common('your text', mine),
        history(),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.sliceDoc());
        }),
      ],
    },
  });
  return () => view.destroy();
}

const FromElsewhere = Annotation.define<boolean>();

function common(label: string, text: string): Extension {
  return [
    // Every line keeps the end that it has.
    EditorState.lineSeparator.of(/\r\n/.test(text) && !/[^\r]\n/.test(text) ? '\r\n' : '\n'),
    lineNumbers(),
    yaml(),
    syntaxHighlighting(COLOURS),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
    THEME,
  ];
}

const HIDDEN = Decoration.line({ class: 'hidden-line' });

/** Where something is hidden when the text is opened: the marks move with the text. */
function hiddenLines(lines: readonly number[]): Extension {
  return EditorView.decorations.compute(['doc'], ({ doc }) => {
    const known = new Set(lines);
    return Decoration.set(
      [...linesIn(doc)].flatMap(({ number, from, text }) =>
        known.has(number) && MARK.test(text) ? [HIDDEN.range(from)] : [],
      ),
    );
  });
}

const MARK = /\[(?:hidden: |secret: |dropped\])/;

function* linesIn(doc: Text): Generator<{ number: number; from: number; text: string }> {
  for (let number = 1; number <= doc.lines; number++) {
    const { from, text } = doc.line(number);
    yield { number, from, text };
  }
}

function marksOf({ doc }: EditorState, diagnostics: readonly Diagnostic[]): Mark[] {
  return diagnostics.flatMap(({ origin, severity, message, help, code }) => {
    if (origin === undefined || origin.line > doc.lines) return [];
    const line = doc.line(origin.line);
    const from = Math.min(line.from + origin.column - 1, line.to);
    const text = help === undefined ? message : `${message}. ${help}`;
    return [
      {
        from,
        to: Math.max(from, wordEnd(line.text, from - line.from) + line.from),
        severity,
        message: text,
        source: code,
      },
    ];
  });
}

function wordEnd(text: string, from: number): number {
  const found = /^\S+/.exec(text.slice(from));
  return found === null ? text.length : from + found[0].length;
}

/** Of the default style: names of fields, values, comments. What is not here has the ink of the page. */
const OWN_COLOURS: Readonly<Record<string, string>> = {
  '#00c': 'var(--accent)',
  '#708': 'var(--mixed)',
  '#219': 'var(--mixed)',
  '#164': 'var(--mixed)',
  '#940': 'var(--quiet)',
  '#404740': 'var(--quiet)',
};

const COLOURS = HighlightStyle.define(
  defaultHighlightStyle.specs.map(({ tag, color }) => ({ tag, color: OWN_COLOURS[`${color}`] ?? 'var(--ink)' })),
);

const MONO = 'ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';

const THEME = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--box)', fontSize: '0.87rem', height: '100%' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: MONO, lineHeight: '1.55', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--ink)', paddingBlock: '0.6rem' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'var(--island)', color: 'var(--quiet)', border: '0' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--island) 70%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 28%, transparent)',
  },
  '.hidden-line': { backgroundColor: 'var(--unknown-tint)' },
  '.cm-tooltip': { backgroundColor: 'var(--box)', color: 'var(--ink)', border: '1px solid var(--line)' },
  '.cm-panels': { backgroundColor: 'var(--island)', color: 'var(--ink)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--denied)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--unknown)' },
  '.cm-changedLine': { backgroundColor: 'var(--allowed-tint) !important' },
  '.cm-deletedChunk': { backgroundColor: 'var(--denied-tint)' },
  '.cm-collapsedLines': { backgroundColor: 'var(--island)', color: 'var(--quiet)', backgroundImage: 'none' },
});
