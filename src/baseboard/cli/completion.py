"""``baseboard completion``: what a shell needs to complete our words, made of the table of verbs."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final

from baseboard.cli import verbs
from baseboard.cli.failures import DONE, FAILED
from baseboard.cli.long_options import OPTIONS, SHORT, LongOption, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from baseboard.cli.long_options import Split

SHELLS: Final = ("bash", "zsh", "fish")

# Words in small letters are typed as they are; capitals stand for something.
_WORD: Final = re.compile(r"[a-z][a-z0-9_-]*")

_BASH: Final = """\
# Completion of baseboard for bash: source it, or put it where bash-completion looks for it.
# Made by `baseboard completion bash`.
_baseboard() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} path="" word skip=""
    local -i index
    COMPREPLY=()
    for ((index = 1; index < COMP_CWORD; index++)); do
        word=${COMP_WORDS[index]}
        if [[ -n $skip ]]; then skip=""; continue; fi
        case $word in
            @VALUED@) skip=1 ;;
            -*) ;;
            *) path="$path${path:+ }$word" ;;
        esac
    done
    case $previous in
@CHOICES@
        @FILES@) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
        @OTHERS@) return ;;
    esac
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "@OPTIONS@" -- "$current")
        return
    fi
    case $path in
@WORDS@
        *) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    esac
}
complete -F _baseboard baseboard
"""

_ZSH: Final = """\
#compdef baseboard
# Completion of baseboard for zsh: put it as _baseboard into a folder of $fpath.
# Made by `baseboard completion zsh`.
_baseboard() {
    local path="" word skip=""
    local -i index
    for ((index = 2; index < CURRENT; index++)); do
        word=${words[index]}
        if [[ -n $skip ]]; then skip=""; continue; fi
        case $word in
            (@VALUED@) skip=1 ;;
            (-*) ;;
            (*) path="$path${path:+ }$word" ;;
        esac
    done
    case ${words[CURRENT-1]} in
@CHOICES@
        (@FILES@) _files; return ;;
        (@OTHERS@) return ;;
    esac
    local -a rows
    if [[ ${words[CURRENT]} == -* ]]; then
        rows=(
@OPTIONS@
        )
        _describe option rows
        return
    fi
    case $path in
@WORDS@
        (*) _files; return ;;
    esac
    _describe word rows
}
if [[ $funcstack[1] == _baseboard ]]; then _baseboard "$@"; else compdef _baseboard baseboard; fi
"""

_FISH: Final = """\
# Completion of baseboard for fish: put it as baseboard.fish into ~/.config/fish/completions.
# Made by `baseboard completion fish`.
function __baseboard_path
    set -l path
    set -l skip
    for word in (commandline -opc)[2..-1]
        if test -n "$skip"
            set skip
            continue
        end
        switch $word
            case @VALUED@
                set skip 1
            case '-*'
            case '*'
                set -a path $word
        end
    end
    echo "$path"
end
function __baseboard_at
    set -l path (__baseboard_path)
    test "$path" = "$argv[1]"
end
complete -c baseboard -f
"""


def run(line: Split) -> int:
    """Print the completion of a shell, or write it to a file.

    Raises:
        UsageError: the shell is not one of the three.
    """
    shell = line.words[1] if len(line.words) == 2 else ""
    if shell not in SHELLS:
        raise UsageError(f"completion is for {', '.join(SHELLS[:-1])} or {SHELLS[-1]}")
    text = {"bash": bash, "zsh": zsh, "fish": fish}[shell]()
    path = line.given.get("output")
    if path is None:
        sys.stdout.write(text)
        return DONE
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        print(f"baseboard: {path}: {error.strerror or error}", file=sys.stderr)
        return FAILED
    return DONE


# ---- what all shells need


def tree() -> dict[str, dict[str, str]]:
    """By the words typed so far: the words that may follow, and a line about each."""
    found: dict[str, dict[str, str]] = {"": {}}
    for name, summary in (*verbs.NOUNS.items(), ("bmc", "the noun mc; write or run a description of a BMC")):
        found[""][name] = summary
    for verb in (*verbs.OWN, *verbs.VERBS):
        parts = verb.words.split()
        for length in range(len(parts)):
            level = found.setdefault(" ".join(parts[:length]), {})
            level.setdefault(parts[length], verb.summary if length == len(parts) - 1 else "")
        words = _choices(verb.arguments)
        if words:
            found.setdefault(verb.words, {}).update(dict.fromkeys(words, ""))
    found["help"] = dict(verbs.NOUNS)
    for alias, noun in verbs.ALIASES.items():
        for path in [path for path in found if path == noun or path.startswith(noun + " ")]:
            found[alias + path[len(noun) :]] = {**found[path], **found.get(alias + path[len(noun) :], {})}
    return found


def _choices(arguments: str) -> list[str]:
    """The words that an argument can be, where it is one of a few: ``warm|cold``."""
    first = arguments.split()[0].strip("[]") if arguments else ""
    words = first.split("|")
    return [word for word in words if _WORD.fullmatch(word)]


def _long() -> list[LongOption]:
    own = [option for verb in (*verbs.OWN, *verbs.VERBS) for option in verb.options]
    # Verbs tell of an option of the same name in words of their own: a shell is told of it once.
    return [*OPTIONS, *{option.name: option for option in reversed(own)}.values()]


def _valued() -> list[str]:
    """Every option whose next word is its value."""
    return [f"-{letter}" for letter, value, _ in SHORT if value] + [
        f"--{one.name}" for one in _long() if one.value
    ]


def _with(value: str) -> list[str]:
    """The options whose value is called so."""
    named = [f"-{letter}" for letter, called, _ in SHORT if called == value]
    return named + [f"--{one.name}" for one in _long() if one.value == value and not one.choices]


def _interfaces() -> dict[str, tuple[str, ...]]:
    """Options whose value is one of a few words."""
    from baseboard.client.quirks import AFTER_LOGIN, NEED_CONSENT

    short = {
        "-I": ("lanplus", "lan", "open", "inband", "serial-basic", "serial-terminal"),
        "-L": ("CALLBACK", "USER", "OPERATOR", "ADMINISTRATOR"),
        "-A": ("NONE", "PASSWORD", "MD2", "MD5"),
        "-C": ("17", "3", "8", "12"),
    }
    return {
        **short,
        **{f"--{one.name}": one.choices for one in _long() if one.choices},
        "--allow": (*NEED_CONSENT, *AFTER_LOGIN),
    }


def _others() -> list[str]:
    known = {*_interfaces(), *_with("FILE")}
    return [option for option in _valued() if option not in known]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


# ---- each shell


def bash() -> str:
    """The completion of bash."""
    options = [f"-{letter}" for letter, _, _ in SHORT] + [f"--{one.name}" for one in _long()]
    fill = 'mapfile -t COMPREPLY < <(compgen -W "{}" -- "$current")'
    choices = [
        f"        {name}) {fill.format(' '.join(words))}; return ;;" for name, words in _interfaces().items()
    ]
    words = [f"        {_quoted(path)}) {fill.format(' '.join(level))} ;;" for path, level in tree().items()]
    return _filled(_BASH, choices, " ".join(options), words)


def zsh() -> str:
    """The completion of zsh."""
    options = [_zsh_row(f"-{letter}", text) for letter, _, text in SHORT]
    options += [_zsh_row(f"--{one.name}", one.summary) for one in _long()]
    choices = [
        f"        ({name}) compadd {' '.join(words)}; return ;;" for name, words in _interfaces().items()
    ]
    words: list[str] = []
    for path, level in tree().items():
        rows = " ".join(_zsh_row(word, text).strip() for word, text in level.items())
        words.append(f"        ({_quoted(path)}) rows=({rows}) ;;")
    return _filled(_ZSH, choices, "\n".join(options), words)


def _zsh_row(word: str, text: str) -> str:
    return "            " + _quoted(word.replace(":", "\\:") + (f":{text}" if text else ""))


def fish() -> str:
    """The completion of fish."""
    return _FISH.replace("@VALUED@", " ".join(_valued())) + "".join(f"{line}\n" for line in _fish_lines())


def _fish_lines() -> Iterator[str]:
    choices = _interfaces()
    for letter, value, text in SHORT:
        more = _fish_value(value, choices.get(f"-{letter}", ()))
        yield f"complete -c baseboard -s {letter}{more} -d {_quoted(text)}"
    for one in _long():
        more = _fish_value(one.value, choices.get(f"--{one.name}", ()))
        yield f"complete -c baseboard -l {one.name}{more} -d {_quoted(one.summary)}"
    for path, level in tree().items():
        for word, text in level.items():
            told = f" -d {_quoted(text)}" if text else ""
            test = f'__baseboard_at "{path}"'
            yield f"complete -c baseboard -n {_quoted(test)} -a {_quoted(word)}{told}"


def _fish_value(value: str, choices: tuple[str, ...]) -> str:
    if not value:
        return ""
    if choices:
        return f" -x -a {_quoted(' '.join(choices))}"
    return " -r -F" if value == "FILE" else " -x"


def _filled(template: str, choices: list[str], options: str, words: list[str]) -> str:
    return (
        template.replace("@VALUED@", "|".join(_valued()))
        .replace("@CHOICES@", "\n".join(choices))
        .replace("@FILES@", "|".join(_with("FILE")))
        .replace("@OTHERS@", "|".join(_others()))
        .replace("@OPTIONS@", options)
        .replace("@WORDS@", "\n".join(words))
    )
