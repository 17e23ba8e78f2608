# From what `fairlead --experimental-dump-help` says to one object {name, text} for each man page of section 1.
include "roff";

def path: (.superCommands // []) + [.commandName];
def page: path | join("-");
def superPage: (.superCommands // [] | join("-")) | if . == "" then "fairlead" else . end;
def children: [.subcommands[]? | select(.shouldDisplay and .commandName != "help")];
def arguments: [.arguments[]? | select(.shouldDisplay)];

def flag: (if .kind == "long" then "--" else "-" end) + .name;
def value: if .kind == "flag" then "" else " \(.valueName | italic)" end;
def positional: .valueName | italic;

def usage: if .kind == "positional" then positional else (.preferredName | flag | bold) + value end;
def synopsis:
    . as $argument | usage
    | if $argument.isRepeating then "\(.) ..." else . end
    | if $argument.isOptional then "[\(.)]" else . end;

def explained:
    [(.abstract // "" | select(. != "") | roff),
     (select(.allValues) | "One of: \(.allValues | map(bold) | join(", ")).\(if .defaultValue then " Default: \(.defaultValue | bold)." else "" end)"),
     (select((.allValues | not) and .defaultValue) | "Default: \(.defaultValue | bold).")];

# The discussion, told apart by how its lines begin.
def lines: (.discussion // "") | split("\n") | map(select(. != ""));
def starting($word): lines | map(select(startswith($word)) | ltrimstr($word) | ltrimstr(" "));
def prose: lines | map(select((startswith("Example:") or startswith("Exit status:")) | not));

def text:
    . as $command
    | (path | join(" ")) as $call
    | title(page; 1),
      ".SH NAME",
      "\(page | roff) \\- \(.abstract | rtrimstr(".") | roff)",
      ".SH SYNOPSIS",
      ".nh", ".ad l",
      "\($call | bold) \(if children == [] then arguments | map(synopsis) | join(" ") else "COMMAND" | italic end)",
      ".ad", ".hy",
      (prose | map(".PP", roff) | section("DESCRIPTION")),
      ([children[] | entry("\(page | bold)(1)"; [.abstract | roff])] | section("COMMANDS")),
      ([arguments[] | entry(
          if .kind == "positional" then positional else . as $a | [.names[] | (flag | bold) + ($a | value)] | join(", ") end;
          explained)] | section("OPTIONS")),
      (starting("Exit status:") | map(roff) | section("EXIT STATUS")),
      (starting("Example:") | map(".EX", "    \(roff)", ".EE") | section("EXAMPLES")),
      ".SH FILES",
      entry("/etc/fairlead/config.json" | italic; ["Configuration of the host, see \("fairlead-config" | bold)(5)."]),
      entry("/var/lib/fairlead" | italic; ["The journal, the mirror of the customer repo, backups of the crontab."]),
      entry("/srv/fairlead" | italic; ["Data directories."]),
      ".SH SEE ALSO",
      ((["fairlead", "fairlead-config"] + [superPage] + [children[] | page]) - [page] | unique | map("\(bold)(\(if . == "fairlead-config" then 5 else 1 end))") | join(",\n")),
      "",
      "The documentation in \("/usr/share/doc/fairlead" | italic)."
;

[.command | recurse(children[])] | .[] | {name: "\(page).1", text: ([text] | join("\n") + "\n")}
