import { nearest } from '#analysis/nearest.ts';
import { escapeControl } from '#base/escape.ts';
import { SHELLS } from '../choices.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { didYouMean, Refusal } from '../refusal.ts';

export async function runCompletion(
  context: CliContext,
  _flags: unknown,
  [shell = '']: readonly string[],
): Promise<ExitCode> {
  const script = SCRIPTS.get(shell);
  if (script === undefined) {
    const near = didYouMean(nearest(shell, SHELLS));
    throw new Refusal(
      `no completion for \`${escapeControl(shell)}\``,
      near === '' ? `there is completion for ${SHELLS.join(', ')}` : near,
    );
  }
  await context.surroundings.out.write([script]);
  return EXIT.ok;
}

/** bash takes `:` for a word break, and endpoints have colons: what it has cut off is taken away from the proposals. */
const BASH = `# bash completion for ringfence
_ringfence() {
  local word=\${COMP_WORDS[COMP_CWORD]} words=() line cut
  local typed=\${COMP_LINE:0:COMP_POINT}
  read -ra words <<<"$typed"
  [[ $typed == *' ' ]] && words+=('')
  word=\${words[\${#words[@]}-1]}
  COMPREPLY=()
  while IFS=$'\\t' read -r line _; do
    COMPREPLY+=("$line")
  done < <("\${words[0]}" __complete "\${words[@]:1}" 2>/dev/null)
  if [[ $word == *:* && $COMP_WORDBREAKS == *:* ]]; then
    cut=\${word%"\${word##*:}"}
    COMPREPLY=("\${COMPREPLY[@]#"$cut"}")
  fi
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *: ]]; then compopt -o nospace; fi
}
complete -o default -F _ringfence ringfence
`;

const ZSH = `#compdef ringfence
# zsh completion for ringfence
_ringfence() {
  local -a proposals
  local line
  while IFS=$'\\t' read -r line brief; do
    proposals+=("\${line//:/\\\\:}:\${brief}")
  done < <("\${words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( \${#proposals} )) && _describe 'ringfence' proposals
  _files
}
compdef _ringfence ringfence
`;

const FISH = `# fish completion for ringfence
function __ringfence_complete
  set -l words (commandline -opc) (commandline -ct)
  $words[1] __complete $words[2..-1] 2>/dev/null
end
complete -c ringfence -a '(__ringfence_complete)'
`;

const SCRIPTS: ReadonlyMap<string, string> = new Map([
  ['bash', BASH],
  ['zsh', ZSH],
  ['fish', FISH],
]);
