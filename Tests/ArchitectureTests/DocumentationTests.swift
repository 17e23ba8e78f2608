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
            for link in try Repository.text(page).matches(of: /\]\(([^)#:\s]+)(?:#[^)]*)?\)/).map({ String($0.1) }) {
                let target = directory.appending(path: link).path
                #expect(FileManager.default.fileExists(atPath: target), "\(page) links to '\(link)'")
            }
        }
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
