import Model
import Testing

@testable import Reconciling

/// A file of a size, and so many entries.
private struct LargeTree: SourceTree {
    var size = 0
    var count = 0

    func entries() -> [SourceEntry] { (0..<count).map { SourceEntry(path: "\($0)", kind: .file, size: 0) } }
    func content(of path: String) -> [UInt8]? { [UInt8](repeating: 0, count: size) }
}

@Suite("M6: naming the commits that made changes reads only so much of them")
struct ReadingBudgetTests {
    @Test("bytes of all trees together end it; from then on nothing is read, and that is no fault of a commit")
    func bytes() throws {
        let budget = ReadingBudget(bytes: 200_000)
        let (one, two) = (budget.bounded(LargeTree(size: 80_000)), budget.bounded(LargeTree(size: 80_000)))
        #expect(try one.content(of: "a")?.count == 80_000)
        #expect(throws: SpentBudget.self) { for _ in 0..<2 { _ = try two.content(of: "a") } }
        #expect(throws: SpentBudget.self) { try one.entries() }
        #expect(SpentBudget().disposition == .transient)
    }

    @Test("so do entries, and looks at nothing")
    func looks() throws {
        let listing = ReadingBudget(bytes: 200_000).bounded(LargeTree(count: 2000))
        #expect(throws: SpentBudget.self) { try listing.entries() }
        let budget = ReadingBudget(bytes: 200_000).bounded(LargeTree())
        #expect(throws: SpentBudget.self) { for _ in 0..<20 { _ = try budget.content(of: "a") } }
    }
}
