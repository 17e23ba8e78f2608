# Text as roff wants it, and what both kinds of pages share.

def roff: gsub("\\\\"; "\\e") | gsub("-"; "\\-") | gsub("'"; "\\(aq") | gsub("^(?<dot>\\.)"; "\\&\(.dot)");
def bold: "\\fB\(roff)\\fR";
def italic: "\\fI\(roff)\\fR";

# `code` of Markdown.
def marked: split("`") | to_entries | map(if .key % 2 == 1 then .value | bold else .value | roff end) | add // "";

def section($title): select(length > 0) | ".SH \($title)", .[];
def entry($term; $lines): ".TP", $term, $lines[];
def title($name; $number): ".TH \"\($name | ascii_upcase | roff)\" \"\($number)\" \"\($date)\" \"fairlead \($version)\" \"Fairlead\"";
