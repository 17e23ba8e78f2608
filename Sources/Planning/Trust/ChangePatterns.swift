internal import Glibc
internal import Model

/// A pattern of paths: `*` and `?` stand for what has no `/` in it, `**` for any number of directories. What lies below a
/// directory that it names is covered too.
struct PathPattern {
    private let parts: [String]

    init(_ text: String) {
        parts = text.pathParts.filter { !$0.isEmpty }
    }

    func covers(_ path: String) -> Bool {
        let names = path.pathParts
        // How much of the pattern may be used up by the names so far.
        var reached: Set<Int> = Self.closure([0], parts)
        for name in names {
            if reached.contains(parts.count) { return !parts.isEmpty }
            var next: Set<Int> = []
            for index in reached where index < parts.count {
                if parts[index] == "**" { next.insert(index) }
                if parts[index] != "**", Self.matches(name, parts[index]) { next.insert(index + 1) }
            }
            reached = Self.closure(next, parts)
        }
        return !parts.isEmpty && reached.contains(parts.count)
    }

    /// `**` may also stand for nothing.
    private static func closure(_ places: Set<Int>, _ parts: [String]) -> Set<Int> {
        var found = places
        for index in parts.indices where parts[index] == "**" && found.contains(index) { found.insert(index + 1) }
        return found
    }

    private static func matches(_ name: String, _ pattern: String) -> Bool { fnmatch(pattern, name, 0) == 0 }
}

/// A JSON pointer in which `*` stands for any one part; what lies below is covered too.
struct PlanPattern {
    private let parts: [String]

    init(_ text: String) { parts = JSONPointer.parts(of: text) }

    func covers(_ pointer: String) -> Bool {
        let found = JSONPointer.parts(of: pointer)
        guard found.count >= parts.count else { return false }
        return zip(parts, found).allSatisfy { $0 == "*" || $0 == $1 }
    }
}
