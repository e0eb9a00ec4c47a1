// The scripts themselves. bash and zsh share the tables of completion.cpp; fish has a language of its own.
#include "core/decision/decision_tree.h"
#include "native/cli/completion.h"

namespace gil::native {

namespace {

constexpr const char* bash_head = R"sh(# bash completion for gilplay. Try it:     source <(gilplay completion bash)
# Keep it:  gilplay completion bash > ~/.local/share/bash-completion/completions/gilplay
)sh";

constexpr const char* bash_body = R"sh(
# Leaves in COMPREPLY those of the words $2... that begin with $1.
_gilplay_offer() {
    local typed=$1 word
    shift
    for word in "$@"; do
        if [[ $word == "$typed"* ]]; then COMPREPLY+=("$word"); fi
    done
}

_gilplay_offer_variants() {
    local typed=$1 done_before= word
    if [[ $typed == *,* ]]; then done_before=${typed%,*},; fi
    for word in $(_gilplay_variants "$2"); do
        if [[ ,$done_before != *",$word,"* ]]; then _gilplay_offer "$typed" "$done_before$word"; fi
    done
}

_gilplay_offer_answers() {
    local typed=$1 question=work answer
    shift
    for answer in "$@"; do question=$(_gilplay_next "$question" "$answer"); done
    _gilplay_offer "$typed" $(_gilplay_answers "$question")
}

_gilplay_offer_kind() { # KIND TYPED COMMAND PLAIN-WORD...
    local kind=$1 typed=$2 command=$3 knob
    shift 3
    case $kind in
    experiment) if (($# == 0)); then _gilplay_offer "$typed" $(_gilplay_experiments "$command"); fi ;;
    answer) _gilplay_offer_answers "$typed" "$@" ;;
    shell) if (($# == 0)); then _gilplay_offer "$typed" bash zsh fish; fi ;;
    variants) _gilplay_offer_variants "$typed" "${1-}" ;;
    knob)
        knob=${typed%%=*}
        if [[ $typed == *=* ]]; then
            _gilplay_offer "${typed#*=}" $(_gilplay_choices "${1-}" "$knob")
            COMPREPLY=("${COMPREPLY[@]/#/$knob=}")
        else
            _gilplay_offer "$typed" $(_gilplay_knobs "${1-}")
            compopt -o nospace 2>/dev/null
        fi
        ;;
    file | folder)
        local letter=f
        if [[ $kind == folder ]]; then letter=d; fi
        mapfile -t COMPREPLY < <(compgen -"$letter" -- "$typed")
        compopt -o filenames 2>/dev/null
        ;;
    esac
}

# bash ends words at '=' and ':' too, and replaces only what follows the last of them.
_gilplay_cut() {
    local typed=$1 mark head longest=
    for mark in = :; do
        if [[ $COMP_WORDBREAKS != *$mark* || $typed != *$mark* ]]; then continue; fi
        head=${typed%"${typed##*"$mark"}"}
        if ((${#head} > ${#longest})); then longest=$head; fi
    done
    if [[ $longest ]]; then COMPREPLY=("${COMPREPLY[@]#"$longest"}"); fi
}

_gilplay() {
    COMPREPLY=()
    local words typed command= expects= word kind plain=() i
    if [[ ${COMP_LINE-} ]]; then
        read -ra words <<<"${COMP_LINE:0:COMP_POINT}"
        if [[ ${COMP_LINE:0:COMP_POINT} == *[[:blank:]] ]]; then words+=(""); fi
    else
        words=("${COMP_WORDS[@]:0:COMP_CWORD+1}")
    fi
    typed=${words[-1]}
    for ((i = 1; i < ${#words[@]} - 1; i++)); do
        word=${words[i]}
        if [[ $expects ]]; then
            expects=
        elif [[ ! $command ]]; then
            if [[ $word != -* ]]; then command=$word; fi
        elif [[ $word == -* ]]; then
            if [[ $(_gilplay_kind "$command" "$word") ]]; then expects=$word; fi
        else
            plain+=("$word")
        fi
    done
    if [[ ! $command ]]; then
        _gilplay_offer "$typed" $(_gilplay_commands) $(_gilplay_options)
    elif [[ $expects ]]; then
        _gilplay_offer_kind "$(_gilplay_kind "$command" "$expects")" "$typed" "$command" "${plain[@]}"
    elif [[ $typed == -* ]]; then
        _gilplay_offer "$typed" $(_gilplay_options "$command")
    else
        kind=$(_gilplay_kind "$command")
        _gilplay_offer_kind "$kind" "$typed" "$command" "${plain[@]}"
        if [[ ! ${COMPREPLY[*]} ]]; then _gilplay_offer "$typed" $(_gilplay_options "$command"); fi
    fi
    _gilplay_cut "$typed"
}
complete -F _gilplay gilplay
)sh";

constexpr const char* zsh_head = R"sh(#compdef gilplay
# zsh completion for gilplay. Keep it in a folder of $fpath as _gilplay, or try it after compinit:
#   source <(gilplay completion zsh)
)sh";

constexpr const char* zsh_body = R"sh(
_gilplay_offer_kind() { # KIND COMMAND PLAIN-WORD...
    local kind=$1 command=$2 knob question=work answer
    shift 2
    case $kind in
    experiment) if (($# == 0)); then compadd -- $(_gilplay_experiments $command); fi ;;
    answer)
        for answer in "$@"; do question=$(_gilplay_next $question $answer); done
        compadd -- $(_gilplay_answers $question)
        ;;
    shell) if (($# == 0)); then compadd -- bash zsh fish; fi ;;
    variants)
        compset -P '*,'
        compadd -S '' -- $(_gilplay_variants "$1")
        ;;
    knob)
        if [[ $PREFIX == *=* ]]; then
            knob=${PREFIX%%=*}
            compset -P '*='
            compadd -- $(_gilplay_choices "$1" $knob)
        else
            compadd -S '' -- $(_gilplay_knobs "$1")
        fi
        ;;
    file) _files ;;
    folder) _files -/ ;;
    esac
}

_gilplay() {
    local command= expects= word
    local -a plain
    for word in "${(@)words[2,CURRENT-1]}"; do
        if [[ -n $expects ]]; then
            expects=
        elif [[ -z $command ]]; then
            if [[ $word != -* ]]; then command=$word; fi
        elif [[ $word == -* ]]; then
            if [[ -n $(_gilplay_kind $command $word) ]]; then expects=$word; fi
        else
            plain+=("$word")
        fi
    done
    if [[ -z $command ]]; then
        compadd -- $(_gilplay_commands) $(_gilplay_options)
    elif [[ -n $expects ]]; then
        _gilplay_offer_kind "$(_gilplay_kind $command $expects)" $command "${(@)plain}"
    elif [[ $PREFIX == -* ]]; then
        compadd -- $(_gilplay_options $command)
    else
        _gilplay_offer_kind "$(_gilplay_kind $command)" $command "${(@)plain}"
    fi
}

if [[ ${funcstack[1]} == _gilplay ]]; then
    _gilplay "$@"
else
    compdef _gilplay gilplay
fi
)sh";

constexpr const char* fish_head = R"sh(# fish completion for gilplay. Keep it as ~/.config/fish/completions/gilplay.fish

# The words after the command that are no options, nor belong to one.
function __gilplay_plain
    set -l skip 0
    for word in (commandline -opc)[3..-1]
        if test $skip = 1
            set skip 0
        else if contains -- $word $__gilplay_with_value
            set skip 1
        else if not string match -q -- '-*' $word
            echo $word
        end
    end
end
# True when the experiment on the command line is $argv[1].
function __gilplay_experiment_is
    set -l plain (__gilplay_plain)
    test (count $plain) -ge 1; and test "$plain[1]" = "$argv[1]"
end
function __gilplay_has_no_plain_word
    test (count (__gilplay_plain)) -eq 0
end
)sh";

/// In fish a backslash is special in single quotes as well.
std::string fish_quoted(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\\' || c == '\'') quoted += '\\';
        quoted += c;
    }
    return quoted + "'";
}

std::string fish_decision() {
    std::string text = "function __gilplay_answers\n    set -l question work\n    for answer in (__gilplay_plain)\n"
                       "        switch \"$question $answer\"\n";
    for (const Question& question : decision_tree().questions) {
        for (std::size_t i = 0; i < question.answers.size(); ++i) {
            const Answer& answer = question.answers[i];
            const std::string from = std::string(question.id) + " ";
            text += "            case " + fish_quoted(from + std::string(answer.id)) + " " +
                    fish_quoted(from + std::to_string(i + 1)) + "\n                set question " +
                    std::string(answer.leads_to) + "\n";
        }
    }
    text += "            case '*'\n                return\n        end\n    end\n    switch $question\n";
    for (const Question& question : decision_tree().questions) {
        text += "        case " + std::string(question.id) + "\n";
        for (const Answer& answer : question.answers) {
            text +=
                "            printf '%s\\t%s\\n' " + std::string(answer.id) + " " + fish_quoted(answer.words) + "\n";
        }
    }
    return text + "    end\nend\n";
}

/// "complete" for one command, under one more condition when that is not empty.
std::string fish_line(const std::string& command, const std::string& condition, const std::string& rest) {
    std::string when = "__fish_seen_subcommand_from " + command;
    if (!condition.empty()) when += "; and " + condition;
    return "complete -c gilplay -n " + fish_quoted(when) + " " + rest + "\n";
}

/// "-s h -l help"
std::string fish_names(const OptionInfo& option) {
    std::string names;
    for (const std::string& name : option.names) {
        const bool is_long = name.starts_with("--");
        names += (names.empty() ? "" : " ") + std::string(is_long ? "-l " : "-s ") + name.substr(is_long ? 2 : 1);
    }
    return names;
}

/// What may follow an option: nothing, a file, a folder, or words that the shell cannot know.
std::string fish_value(const OptionInfo& option) {
    if (option.value.empty()) return {};
    const ValueKind kind = kind_of(option.value);
    if (kind == ValueKind::file) return " -r -F";
    return kind == ValueKind::folder ? " -x -a '(__fish_complete_directories)'" : " -x";
}

std::string fish_of_experiments(const CommandInfo& command, const OptionInfo& option) {
    std::string text;
    const bool knobs = kind_of(option.value) == ValueKind::knob;
    for (const ExperimentWords& words : experiment_words()) {
        const std::string offered = knobs ? words.settings : "(__fish_append , " + words.variants + ")";
        text += fish_line(command.name, "__gilplay_experiment_is " + words.id,
                          fish_names(option) + " -x -a " + fish_quoted(offered) + " -d " + fish_quoted(option.help));
    }
    return text;
}

std::string fish_positional(const CommandInfo& command, const OptionInfo& option) {
    std::string text;
    switch (kind_of(option.value)) {
    case ValueKind::experiment:
        for (const ExperimentWords& words : experiment_words()) {
            text += fish_line(command.name, "__gilplay_has_no_plain_word",
                              "-a " + words.id + " -d " + fish_quoted(words.title));
        }
        if (command.name == "run") text += fish_line(command.name, "__gilplay_has_no_plain_word", "-a all");
        return text;
    case ValueKind::answer:
        return fish_line(command.name, "", "-a '(__gilplay_answers)'");
    case ValueKind::shell:
        return fish_line(command.name, "__gilplay_has_no_plain_word", "-a " + fish_quoted(shells));
    case ValueKind::file:
        return fish_line(command.name, "", "-F");
    default:
        return text;
    }
}

std::string fish_command(const CommandInfo& command) {
    std::string text =
        "complete -c gilplay -n __fish_use_subcommand -a " + command.name + " -d " + fish_quoted(command.help) + "\n";
    for (const OptionInfo& option : command.options) {
        if (option.positional) {
            text += fish_positional(command, option);
            continue;
        }
        text +=
            fish_line(command.name, "", fish_names(option) + fish_value(option) + " -d " + fish_quoted(option.help));
        const ValueKind kind = kind_of(option.value);
        if (kind == ValueKind::knob || kind == ValueKind::variants) text += fish_of_experiments(command, option);
    }
    return text;
}

} // namespace

std::string bash_completion(const ProgramInfo& program) {
    return bash_head + shell_tables(program) + bash_body;
}

std::string zsh_completion(const ProgramInfo& program) {
    return zsh_head + shell_tables(program) + zsh_body;
}

std::string fish_completion(const ProgramInfo& program) {
    std::string text = fish_head;
    text += "set -g __gilplay_with_value";
    for (const CommandInfo& command : program.commands) {
        for (const OptionInfo& option : command.options) {
            if (!option.positional && !option.value.empty()) text += " " + option.names.back();
        }
    }
    text += "\n" + fish_decision() + "complete -c gilplay -f\n";
    for (const OptionInfo& option : program.self.options) {
        text += "complete -c gilplay -n __fish_use_subcommand " + fish_names(option) + " -d " +
                fish_quoted(option.help) + "\n";
    }
    for (const CommandInfo& command : program.commands) text += fish_command(command);
    return text;
}

} // namespace gil::native
