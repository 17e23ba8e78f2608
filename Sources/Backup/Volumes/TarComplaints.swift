/// What GNU tar says of files that it could not read as they were.
struct TarComplaints {
    private(set) var changed = 0
    /// They were there when the directory was read, and not when they were.
    private(set) var removed = 0
    /// Everything else that makes tar fail.
    private(set) var errors: [String] = []
    /// Bytes that it wrote.
    private(set) var total: Int64?

    private static let harmless = [": socket ignored", ": door ignored", "previous errors"]

    /// `tops`: what has to be there, since the plan names it.
    init(_ lines: [String], tops: [String]) {
        for line in lines {
            if let match = line.firstMatch(of: /^Total bytes written: ([0-9]+)/) {
                total = Int64(match.output.1)
            } else if line.hasPrefix("tar: ") {
                add(line, tops)
            }
        }
    }

    private mutating func add(_ line: String, _ tops: [String]) {
        if line.contains(": Warning: ") || Self.harmless.contains(where: line.hasSuffix) { return }
        if line.hasSuffix(": file changed as we read it") || line.contains(": File shrank by ") {
            changed += 1
        } else if line.hasSuffix(": File removed before we read it") {
            removed += 1
        } else if let match = line.wholeMatch(of: /tar: (.*): Cannot [a-z]+: No such file or directory/) {
            if tops.contains(Self.plain(match.output.1)) { errors.append(line) } else { removed += 1 }
        } else {
            errors.append(line)
        }
    }

    /// Without `./` at its begin and `/` at its end.
    private static func plain(_ path: Substring) -> String {
        let path = path.hasPrefix("./") ? path.dropFirst(2) : path
        return String(path.hasSuffix("/") ? path.dropLast() : path)
    }

    /// Nothing but files that went makes it fail.
    var explainFailure: Bool { errors.isEmpty && removed > 0 }

    /// Why it could not read the first one, in the kernel's words; without the name of a file.
    var cause: String? {
        errors.lazy.compactMap { line in
            line.firstMatch(of: /: (?:Cannot [a-z]+|Read error[^:]*): ([A-Z][A-Za-z\/ ]+)$/).map { String($0.output.1) }
        }.first
    }
}
