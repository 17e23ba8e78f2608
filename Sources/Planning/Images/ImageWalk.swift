internal import Model

/// Follows paths through an image as its container would, and never out of it.
struct ImageWalk {
    enum End: Equatable {
        case found(ImageEntry, at: [String])
        case missing(isLink: Bool)
        /// A part of the way is a file.
        case blocked
        case circle
        case unknown
    }

    let tree: any ImageTree
    /// What the plan puts into the container; what is there in the image does not count.
    let covered: Set<String>

    private static let mostLinks = 40
    /// What engines put there.
    private static let engines: Set<String> = ["/proc", "/sys", "/dev", "/run"]

    init(_ tree: any ImageTree, beside mounts: Set<String>) {
        self.tree = tree
        covered = mounts.union(Self.engines)
    }

    /// `path` is absolute.
    func end(of path: String) -> End {
        var (waiting, reached, links, endsInLink) = (Self.names(path), [String](), 0, false)
        while let name = waiting.popLast() {
            guard name != "." else { continue }
            guard name != ".." else {
                reached = reached.dropLast()
                continue
            }
            let here = reached + [name]
            guard !isCovered(here) else { return .unknown }
            switch tree.entry(at: here) {
            case nil: return hasCovered(below: here) ? .unknown : .missing(isLink: endsInLink)
            case .unknown: return .unknown
            case .directory: reached = here
            case .link(let target):
                (links, endsInLink) = (links + 1, endsInLink || waiting.isEmpty)
                guard links <= Self.mostLinks else { return .circle }
                if target.utf8.first == UInt8(ascii: "/") { reached = [] }
                waiting += Self.names(target)
            case let entry?: return waiting.isEmpty ? .found(entry, at: here) : .blocked
            }
        }
        return .found(.directory, at: reached)
    }

    private func isCovered(_ names: [String]) -> Bool { covered.contains { Self.path(names).isAt($0) } }

    /// Engines make the directories above what they put somewhere.
    private func hasCovered(below names: [String]) -> Bool { covered.contains { $0.isBelow(Self.path(names)) } }

    static func path(_ names: [String]) -> String { "/" + names.joined(separator: "/") }

    /// The last one first. A slash at the end asks for a directory, as `.` does.
    private static func names(_ path: String) -> [String] {
        let parts = path.pathParts
        let asks = parts.count > 1 && parts.last == ""
        return (parts.filter { !$0.isEmpty } + (asks ? ["."] : [])).reversed()
    }
}
