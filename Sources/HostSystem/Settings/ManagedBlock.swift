internal import Files

/// Lines of Fairlead's own in a file that others write too; every other byte of that file stays.
enum ManagedBlock: String, Hashable, Sendable, Codable, CaseIterable {
    case hosts
    case nameServers
    case searchDomains

    var file: String { self == .hosts ? "/etc/hosts" : "/etc/resolv.conf" }

    var title: String {
        switch self {
        case .hosts: "host entries"
        case .nameServers: "name servers"
        case .searchDomains: "search domains"
        }
    }

    /// The first entry of a name and the first name server win, but the last list of search domains does.
    private var isAtEnd: Bool { self == .searchDomains }

    private var begin: String { "# BEGIN FAIRLEAD \(title)" }
    private var end: String { "# END FAIRLEAD \(title)" }
    private static let notice = ": from the deployment plan, do not edit"
    /// The line before had no end, so that this end of line is the block's too.
    private static let joined = " (and the line end above)"

    /// The lines of the block; `nil` when `content` has none.
    func text(in content: [UInt8]) throws(HostError) -> String? {
        guard let place = try place(in: content) else { return nil }
        return String(decoding: content[place.inner], as: UTF8.self)
    }

    /// `content` with these lines in the block, or without the block.
    func replacing(in content: [UInt8], with text: String?) throws(HostError) -> [UInt8] {
        var content = content
        if let place = try place(in: content) { content.removeSubrange(place.outer) }
        guard let text else { return content }
        let isJoined = isAtEnd && !content.isEmpty && content.last != Self.newline
        let head = (isJoined ? "\n" : "") + begin + Self.notice + (isJoined ? Self.joined : "")
        let block = Array("\(head)\n\(text)\(end)\n".utf8)
        return isAtEnd ? content + block : block + content
    }

    private static let newline = UInt8(ascii: "\n")

    private struct Place {
        /// Markers included.
        let outer: Range<Int>
        let inner: Range<Int>
    }

    private func place(in content: [UInt8]) throws(HostError) -> Place? {
        let lines = Self.lines(of: content)
        let begins = lines.indices.filter { content[lines[$0]].starts(with: begin.utf8) }
        let ends = lines.indices.filter { content[lines[$0]].starts(with: end.utf8) }
        guard let first = begins.first else {
            guard ends.isEmpty else { throw broken("ends without a beginning") }
            return nil
        }
        guard begins.count == 1, ends.count == 1, let last = ends.first, last > first else {
            throw broken(begins.count > 1 ? "is there more than once" : "has no end")
        }
        let isJoined = String(decoding: content[lines[first]], as: UTF8.self).contains(Self.joined)
        let start = lines[first].lowerBound - (isJoined ? 1 : 0)
        return Place(
            outer: max(0, start)..<lines[last].upperBound, inner: lines[first].upperBound..<lines[last].lowerBound)
    }

    private func broken(_ how: String) -> HostError {
        HostError(
            "fairlead's block '\(begin)' in '\(file)' \(how)",
            hint: "somebody edited it: remove what is left of it, with its BEGIN and END lines")
    }

    /// Each with its end of line.
    private static func lines(of content: [UInt8]) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        while start < content.count {
            let end = content[start...].firstIndex(of: newline).map { $0 + 1 } ?? content.count
            lines.append(start..<end)
            start = end
        }
        return lines
    }
}
