import type { Command } from "commander";
import { HalfpriceError } from "../../foundation/errors/index.ts";
import { findNearest } from "../../foundation/nearest-name.ts";
import { openTerminal } from "../terminal.ts";

/**
 * What a shell runs at the tab key. It asks `halfprice __complete` for lines of a word, a tab and what it is; the words are data, so
 * none is ever evaluated. Where there is none, files are offered.
 */
const scripts: Readonly<Record<string, string>> = {
  bash: `_halfprice() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$(printf '%q' "\${line%%$'\\t'*}")")
  done < <(halfprice __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _halfprice halfprice`,
  zsh: `#compdef halfprice
_halfprice() {
  local line
  local -a found shown
  while IFS= read -r line; do
    found+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  -- }")
  done < <(halfprice __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#found} )); then
    compadd -l -d shown -a found
  else
    _files
  fi
}
compdef _halfprice halfprice`,
  fish: `function __halfprice_complete
  set -l words (commandline -opc)
  set -l found (halfprice __complete $words[2..-1] (commandline -ct) 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c halfprice -f -a '(__halfprice_complete)'`,
};

const install: Readonly<Record<string, string>> = {
  bash: '# In ~/.bashrc: eval "$(halfprice completions bash)"',
  zsh: '# In ~/.zshrc, after compinit: eval "$(halfprice completions zsh)"',
  fish: "# In ~/.config/fish/config.fish: halfprice completions fish | source",
};

export function define(command: Command): void {
  command.argument("<shell>", "bash, zsh or fish");
  command.addHelpText(
    "after",
    '\nExample:\n  halfprice completions fish | source\n  eval "$(halfprice completions bash)"',
  );
  command.action((shell: string) => {
    const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
    if (script === undefined) {
      const nearest = findNearest(shell, Object.keys(scripts));
      const problems = [
        `there are completions for bash, zsh and fish, none for ${shell}${nearest === undefined ? "" : `; the nearest is ${nearest}`}`,
      ];
      throw new HalfpriceError("BAD_OPTIONS", { problems, command: "halfprice completions" });
    }
    openTerminal({ isQuiet: false }).print(`${script}\n${install[shell]}`);
  });
}
