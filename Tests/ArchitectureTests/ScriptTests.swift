import Foundation
import Testing

@Suite("Shell scripts")
struct ScriptTests {
    @Test("there are scripts to look at")
    func found() throws {
        #expect(try scripts().contains("Tests/Demo/demo.sh"))
    }

    @Test("every script can be executed")
    func executable() throws {
        for script in try scripts() {
            let path = Repository.root.appending(path: script).path
            #expect(FileManager.default.isExecutableFile(atPath: path), "\(script): chmod +x")
        }
    }

    @Test("every script says in its second line what it is for")
    func header() throws {
        for script in try scripts() {
            let second = try Repository.lines(script).dropFirst().first ?? ""
            #expect(second.hasPrefix("# "), "\(script): write what it does below the first line")
        }
    }

    @Test("every Bash script stops at the first error")
    func strict() throws {
        for script in try scripts() where try Repository.lines(script)[0].hasSuffix("bash") {
            let strict = try Repository.text(script).contains(/\n *set -E?euo pipefail\n/)
            #expect(strict, "\(script): set -euo pipefail")
        }
    }

    /// Everything that begins with `#!` and names a shell.
    private func scripts() throws -> [String] {
        try Repository.files().filter { file in
            let head = String(decoding: try Repository.data(file).prefix(64), as: UTF8.self)
            let first = head.prefix { $0 != "\n" }
            return first.hasPrefix("#!") && (first.hasSuffix("bash") || first.hasSuffix("/sh"))
        }
    }
}
