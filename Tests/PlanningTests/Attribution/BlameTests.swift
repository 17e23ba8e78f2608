import Model
import Testing

@Suite("Which commit brought what the newest one has")
struct BlameTests {
    /// Commits newest first, as `tip<parent,other`; `!` before a name: it lacks the property; `?`: nothing is known of it.
    struct Case: CustomTestStringConvertible, Sendable {
        let rule: String
        let graph: String
        /// Parents that are no commits of the graph.
        var ends = ""
        var isCutShort = false
        /// A commit, `earlier NAME`, or `none`.
        let expected: String

        var testDescription: String { rule }
    }

    static let cases = [
        Case(rule: "the commit that made it", graph: "c<b b<a !a<base", ends: "!base", expected: "b"),
        Case(
            rule: "what an older commit made and a newer one did not touch", graph: "c<b b<base", ends: "!base",
            expected: "b"),
        Case(
            rule: "a revert of a revert, not the first commit", graph: "c<b !b<a a<base", ends: "!base", expected: "c"),
        Case(
            rule: "a commit of the merged branch, not the merge", graph: "m<n,f !n<base f<base", ends: "!base",
            expected: "f"),
        Case(
            rule: "the merge itself when no parent has it", graph: "m<n,f !n<base !f<base", ends: "!base",
            expected: "m"),
        Case(
            rule: "the merge when it took over what is older than the deployed commit", graph: "m<n,f !n<base f<old",
            ends: "!base old", expected: "m"),
        Case(
            rule: "the newer of two branches that both made it", graph: "m<n,f n<base f<base", ends: "!base",
            expected: "n"),
        Case(rule: "nobody when it was there all the time", graph: "b<a a<base", ends: "base", expected: "none"),
        Case(
            rule: "a broken commit is looked through to the one that made it", graph: "c<b ?b<a a<base", ends: "!base",
            expected: "a"),
        Case(
            rule: "the commit that mended, when a broken one hides who made it", graph: "c<b ?b<a !a<base",
            ends: "!base", expected: "c"),
        Case(rule: "the first commit of a repo", graph: "b<a a<", expected: "a"),
        Case(
            rule: "earlier than the oldest that was looked at", graph: "c<b b<a", ends: "a", isCutShort: true,
            expected: "earlier b"),
        Case(
            rule: "what was made among those that were looked at", graph: "c<b !b<a", ends: "a", isCutShort: true,
            expected: "c"),
        Case(rule: "nobody when there is no commit", graph: "", expected: "none"),
    ]

    @Test("names", arguments: cases)
    func origin(_ tested: Case) throws {
        var nodes: [Blame.Node] = []
        var lacking: [CommitID: Set<Int>] = [:]
        for word in tested.graph.split(separator: " ") where word.contains("<") {
            let parts = word.split(separator: "<", omittingEmptySubsequences: false)
            let name = parts[0].drop { "!?".contains($0) }
            if !word.hasPrefix("?") { lacking[try id(name)] = word.hasPrefix("!") ? [0] : [] }
            nodes.append(
                Blame.Node(commit: try id(name), parents: try parts[1].split(separator: ",").map { try id($0) }))
        }
        for word in tested.ends.split(separator: " ") {
            lacking[try id(word.drop { $0 == "!" })] = word.hasPrefix("!") ? [0] : []
        }
        let origin = Blame(nodes, lacking: lacking, isCutShort: tested.isCutShort).origin(of: 0)
        switch tested.expected.split(separator: " ") {
        case ["none"]: #expect(origin == .none)
        case let words where words.count == 2: #expect(origin == .earlier(try id(words[1])))
        case let words: #expect(origin == .commit(try id(words[0])))
        }
    }

    private func id(_ name: some StringProtocol) throws -> CommitID {
        let digits = name.utf8.reduce("") { $0 + String($1, radix: 16) }
        return try #require(CommitID(digits + String(repeating: "0", count: 40 - digits.count)))
    }
}
