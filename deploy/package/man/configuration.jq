# From the JSON Schema of the configuration to its man page, as {name, text}.
include "roff";

def keys_of($prefix):
    .properties // {} | to_entries[]
    | select(.key | startswith("$") | not)
    | "\($prefix)\(.key)" as $key
    | .value
    | if .properties then (.description // "" | ".SS \($key | roff)", marked), keys_of("\($key).")
      else entry($key | bold; [
          (.description // "" | marked),
          (select(.enum) | "One of: \(.enum | map(tojson | bold) | join(", "))."),
          (select(has("default")) | "Default: \(.default | tojson | gsub("\",\""; "\", \"") | bold).")])
      end;

{
    name: "fairlead-config.5",
    text: ([
        (title("fairlead-config"; 5)),
        ".SH NAME", "fairlead\\-config \\- configuration of a host that Fairlead keeps",
        ".SH SYNOPSIS", ("/etc/fairlead/config.json" | italic),
        ".SH DESCRIPTION", (.description | marked),
        ".SH KEYS", ".ad l", keys_of(""),
        ".SH SEE ALSO", "\("fairlead" | bold)(1),", "\("fairlead-doctor" | bold)(1),",
        ("/usr/share/doc/fairlead/docs/configuration-reference.md" | italic)
    ] | join("\n") + "\n")
}
