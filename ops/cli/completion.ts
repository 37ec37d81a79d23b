export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]
/** What may follow each command, by its words. */
type Words = ReadonlyMap<string, readonly string[]>

/** A script for the shell's own file of settings. In bash and zsh it completes after `npx` too. */
export const completionFor = (shell: Shell, words: Words): string => {
  switch (shell) {
    case 'bash':
      return bash(words)
    case 'zsh':
      // Zsh runs what was written for bash.
      return `autoload -Uz bashcompinit && bashcompinit\n${bash(words)}`
    case 'fish':
      return fish(words)
  }
}

const bash = (words: Words): string => `_verbatim() {
  local word path='' at=1
  [ "\${COMP_WORDS[0]}" = npx ] && at=2
  for word in "\${COMP_WORDS[@]:$at:$((COMP_CWORD - at))}"; do
    case "$word" in -*) ;; *) path="\${path:+$path }$word" ;; esac
  done
  local next
  case "$path" in
${cases(words).join('\n')}
  esac
  [ "$at" = 2 ] && [ "\${COMP_WORDS[1]}" != verbatim ] && return
  COMPREPLY=($(compgen -W "$next" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _verbatim verbatim
complete -o default -F _verbatim npx`

/** `dead-letters list` before `dead-letters`: a shell takes the first that fits. */
const cases = (words: Words): string[] =>
  [...words]
    .sort(([one], [other]) => other.length - one.length)
    .map(([path, next]) => `    '${path}'${path === '' ? '' : ` | '${path} '*`}) next='${next.join(' ')}' ;;`)

const fish = (words: Words): string =>
  [...words]
    .flatMap(([path, next]) => {
      const condition =
        path === ''
          ? '__fish_use_subcommand'
          : path
              .split(' ')
              .map((word) => `__fish_seen_subcommand_from ${word}`)
              .join('; and ')
      return next.map((word) =>
        word.startsWith('--')
          ? `complete -c verbatim -n '${condition}' -l ${word.slice(2)}`
          : `complete -c verbatim -f -n '${condition}' -a ${word}`,
      )
    })
    .join('\n')
