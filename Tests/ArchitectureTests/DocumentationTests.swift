import Foundation
import Testing

@Suite("What is written for people stays true")
struct DocumentationTests {
    @Test("pages name only targets that the Makefile has")
    func makeTargets() throws {
        let targets = Set(
            try Repository.lines("Makefile").compactMap { $0.prefixMatch(of: /([a-z-]+):/).map { String($0.1) } })
        #expect(targets.isSuperset(of: ["demo", "test", "lint"]))
        for page in try Repository.files(suffix: ".md") {
            let named = Set(try Repository.text(page).matches(of: mention).map { String($0.1) })
            #expect(named.isSubset(of: targets), "\(page) names \(named.subtracting(targets).sorted())")
        }
    }

    /// In code: after a backtick, or alone at the beginning of a line of a block.
    private let mention = /(?:`|\n(?:    |\$ |    \$ )?)make ([a-z]+(?:-[a-z]+)*)(?=[`\n ]*(?:`|\n|#|  ))/

    @Test("links between pages lead to files")
    func links() throws {
        for page in try Repository.files(suffix: ".md") {
            let directory = Repository.root.appending(path: page).deletingLastPathComponent()
            for link in try links(of: page) {
                let target = directory.appending(path: link).path
                #expect(FileManager.default.fileExists(atPath: target), "\(page) links to '\(link)'")
            }
        }
    }

    @Test("every page below docs/ is reached by links from docs/README.md, and README.md links that door")
    func reachable() throws {
        #expect(try linked(from: "README.md").contains("docs/README.md"))
        var reached: Set = ["docs/README.md"]
        var waiting = reached
        while let page = waiting.popFirst() {
            let further = try linked(from: page).filter { $0.hasSuffix(".md") }.subtracting(reached)
            reached.formUnion(further)
            waiting.formUnion(further)
        }
        let pages = Set(try Repository.files(below: "docs", suffix: ".md"))
        #expect(pages.count > 40)
        #expect(pages.subtracting(reached).sorted() == [])
    }

    /// Paths of this repo, relative to its root; a link to a directory reaches no page.
    private func linked(from page: String) throws -> Set<String> {
        let directory = Repository.root.appending(path: page).deletingLastPathComponent()
        let root = Repository.root.standardizedFileURL.path
        return Set(
            try links(of: page).compactMap { link in
                let target = directory.appending(path: link).standardizedFileURL.path
                guard target.hasPrefix(root), FileManager.default.fileExists(atPath: target) else { return nil }
                return String(target.dropFirst(root.count).trimmingPrefix("/"))
            })
    }

    private func links(of page: String) throws -> [String] {
        try Repository.text(page).matches(of: /\]\(([^)#:\s]+)(?:#[^)]*)?\)/).map { String($0.1) }
    }

    @Test("the customer repo's schema is the one that Fairlead validates with")
    func schema() throws {
        let shipped = try Repository.data("Sources/Planning/Schema/plan.schema.json")
        let copied = try Repository.data("customer-repo-template/plan.schema.json")
        #expect(shipped == copied, "run 'make docs RECORD=1' and commit the copy")
    }

    @Test("the changelog has a place for the next release")
    func changelog() throws {
        #expect(try Repository.text("CHANGELOG.md").contains("\n## [Unreleased]\n"))
    }

    @Test("the service unit names the binary, the socket type and a watchdog")
    func unit() throws {
        let unit = try Repository.text("deploy/fairlead.service")
        for line in ["Type=notify", "ExecStart=/usr/bin/fairlead run", "KillMode=mixed", "WatchdogSec="] {
            #expect(unit.contains("\n\(line)"), "deploy/fairlead.service lacks \(line)")
        }
    }
}
