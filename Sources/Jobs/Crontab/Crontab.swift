internal import Files

/// The content of root's crontab: the operator's lines, of which no byte changes, and Fairlead's marked block above them,
/// where no environment line of the operator's changes its shell or its path.
///
/// Fairlead's are only its markers and the entries of jobs that this host's state directory holds: what else has got into
/// the block may be the operator's.
struct Crontab: Equatable {
    static let begin = "# BEGIN fairlead (generated, do not edit)"
    static let end = "# END fairlead"
    /// Stands in the block where there was no crontab at all, so that none is left when the block goes.
    static let absenceNote = "# (there was no crontab before)"

    /// `nil`: there is no crontab.
    let bytes: [UInt8]?

    /// With `entries`, each a line that starts one of `jobs`, as the only content of the block; without a block when
    /// there are none.
    func with(entries: [String], of jobs: JobFiles) -> Crontab {
        let rest = operatorBytes(besides: jobs)
        let wasAbsent = bytes == nil || (rest.isEmpty && ownLines(of: jobs).contains(Self.absenceNote))
        guard !entries.isEmpty else { return wasAbsent ? Crontab(bytes: nil) : Crontab(bytes: rest) }
        let block = [Self.begin] + (wasAbsent ? [Self.absenceNote] : []) + entries + [Self.end]
        return Crontab(bytes: Array((block.joined(separator: "\n") + "\n").utf8) + rest)
    }

    /// With the operator's lines of `other` below this block.
    func withOperatorLines(of other: Crontab, jobs: JobFiles) -> Crontab {
        let rest = other.operatorBytes(besides: jobs)
        return Crontab(bytes: other.bytes == nil ? nil : rest).with(entries: entries(of: jobs), of: jobs)
    }

    /// The entries of the block that start one of `jobs`.
    func entries(of jobs: JobFiles) -> [String] { ownLines(of: jobs).filter { CrontabLine.isJob($0, of: jobs) } }

    /// Everything but Fairlead's own lines.
    private func operatorBytes(besides jobs: JobFiles) -> [UInt8] {
        let own = ownIndices(of: jobs)
        return lines.enumerated().filter { !own.contains($0.offset) }.flatMap(\.element.bytes)
    }

    private func ownLines(of jobs: JobFiles) -> [String] {
        let lines = lines
        return ownIndices(of: jobs).sorted().map { lines[$0].text }
    }

    private var lines: [CrontabLine] { CrontabLine.split(bytes ?? []) }

    /// Which lines are Fairlead's, also where somebody broke the block: the markers; between a pair of them whatever
    /// has the form of our lines; beside a single one our lines that touch it. What else lies there could be the
    /// operator's.
    private func ownIndices(of jobs: JobFiles) -> Set<Int> {
        let lines = lines
        let markers = lines.indices.filter { lines[$0].isMarker }
        var own = Set(markers)
        var open: Int?
        func takeRun(_ run: some Sequence<Int>) { own.formUnion(run.prefix { lines[$0].isOurs(jobs) }) }
        for marker in markers {
            if lines[marker].text == Self.begin {
                if let open { takeRun(open + 1..<marker) }
                open = marker
            } else if let begin = open {
                own.formUnion((begin..<marker).filter { lines[$0].isOurs(jobs) })
                open = nil
            } else {
                takeRun((0..<marker).reversed())
            }
        }
        if let open { takeRun(open + 1..<lines.count) }
        return own
    }
}

/// One line of a crontab with its line end.
struct CrontabLine {
    let bytes: ArraySlice<UInt8>

    /// Without white space at its end: an editor of another system may have written the line end.
    var text: String {
        let blank: Set = [UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: " "), UInt8(ascii: "\t")]
        return String(
            decoding: bytes.prefix(
                (bytes.lastIndex { !blank.contains($0) } ?? bytes.startIndex - 1)
                    - bytes.startIndex + 1), as: UTF8.self)
    }

    var isMarker: Bool { [Crontab.begin, Crontab.end].contains(text) }
    func isOurs(_ jobs: JobFiles) -> Bool { text == Crontab.absenceNote || Self.isJob(text, of: jobs) }

    /// Whether `text` starts the script of one of `jobs`, as `entry` writes it.
    static func isJob(_ text: String, of jobs: JobFiles) -> Bool {
        guard let entry = text.wholeMatch(of: /[^#\s]\S*(?: \S+){4} (?<command>\/bin\/bash .+)/) else { return false }
        return Job.Name.allCases.contains { command(jobs.script($0)) == entry.output.command }
    }

    /// Every byte of `content` is in exactly one line.
    static func split(_ content: [UInt8]) -> [CrontabLine] {
        var lines: [CrontabLine] = []
        var start = content.startIndex
        while start < content.endIndex {
            let end = content[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? content.endIndex
            lines.append(CrontabLine(bytes: content[start..<end]))
            start = end
        }
        return lines
    }

    /// The line that runs `script` at `schedule`.
    static func entry(schedule: String, script: String) throws(HostError) -> String {
        guard script.utf8.allSatisfy({ $0 >= 0x20 }) else {
            throw HostError("cannot name '\(script)' in a crontab", hint: "choose a 'stateDirectory' without line ends")
        }
        let fields = schedule.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
        return "\(fields) \(command(script))"
    }

    /// For sh; and cron takes a plain '%' as the end of the command.
    private static func command(_ script: String) -> String {
        let isPlain = script.wholeMatch(of: /[A-Za-z0-9\/._\-]+/) != nil
        let quoted = isPlain ? script : "'" + script.replacing("'", with: "'\\''") + "'"
        return "/bin/bash \(quoted.replacing("%", with: "\\%"))"
    }
}
