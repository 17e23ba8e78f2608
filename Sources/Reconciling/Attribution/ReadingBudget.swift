internal import Model
internal import Synchronization

/// How much of commits that nobody checked is read to name who made a change: it is worth some seconds, and whoever can push
/// chooses what there is to read.
final class ReadingBudget: Sendable {
    /// What one look costs at least, in bytes.
    private static let look: Int64 = 16 << 10
    /// What an entry of a listing costs.
    private static let entry: Int64 = 128

    private let left: Mutex<Int64>

    init(bytes: Int64 = 512 << 20) { left = Mutex(bytes) }

    /// `tree`, until all that is left is spent: each further look throws ``SpentBudget``.
    func bounded(_ tree: any SourceTree) -> any SourceTree { BoundedTree(tree: tree, budget: self) }

    private func take(_ bytes: Int64) throws(SpentBudget) {
        let isSpent = left.withLock { left in
            left -= max(bytes, Self.look)
            return left < 0
        }
        if isSpent { throw SpentBudget() }
    }

    private struct BoundedTree: SourceTree {
        let tree: any SourceTree
        let budget: ReadingBudget

        func entries() throws -> [SourceEntry] {
            try budget.take(0)
            let entries = try tree.entries()
            try budget.take(Int64(entries.count) * ReadingBudget.entry)
            return entries
        }

        func content(of path: String) throws -> [UInt8]? {
            try budget.take(0)
            let content = try tree.content(of: path)
            try budget.take(Int64(content?.count ?? 0))
            return content
        }
    }
}

/// Nothing more is read; what was not looked at is unknown.
struct SpentBudget: Actionable {
    var message: String { "there is too much to read to name the commits that made the changes" }
    var hint: String { "" }
    var disposition: Disposition { .transient }
}
