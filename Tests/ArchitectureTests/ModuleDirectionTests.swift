import Testing

/// What each module of ours may import of ours; the picture in docs/architecture.md.
private let directions: [String: Set<String>] = [
    // GitSource and Processes, since network operations and confined programs are children of this binary.
    "fairlead": ["Commands", "GitSource", "Processes"],
    "Commands": [
        "Reconciling", "Deploying", "Planning", "Processes", "Files", "GitSource", "ContainerEngine", "Journal",
        "Backup", "HostSystem",
    ],
    "Reconciling": ["Deploying", "Planning"],
    "Deploying": ["Planning"],
    "GitSource": ["Planning", "Processes", "Clibgit2"],
    "ContainerEngine": ["Planning", "Processes", "CLinux"],
    "Journal": ["Planning"],
    // HostSystem, since a backup reads data directories and asks the engine's program (docs/decisions/0025).
    "Backup": ["Files", "HostSystem", "Planning", "Processes", "CLinux"],
    "HostSystem": ["Files", "Planning", "Processes", "CLinux"],
    "Files": ["Planning", "CLinux"],
    "Planning": ["CJSONSchema"],
    "Processes": ["CLinux"],
    "CJSONSchema": [],
    "CLinux": [],
    "Clibgit2": [],
]

@Suite("Imports point downwards only")
struct ModuleDirectionTests {
    @Test("every module has a place in the picture")
    func everyModuleIsPlaced() throws {
        #expect(try Repository.modules() == Set(directions.keys))
    }

    @Test("docs/architecture.md draws the picture as it is")
    func drawn() throws {
        let edges = try Repository.text("docs/architecture.md").matches(of: /\n    (\w+) --> (\w+(?: & \w+)*)(?=\n)/)
        let drawn = edges.map { (String($0.1), Set($0.2.split(separator: " & ").map(String.init))) }
        #expect(Dictionary(drawn, uniquingKeysWith: { $0.union($1) }) == directions.filter { !$0.value.isEmpty })
    }

    @Test("a module imports only what lies below it", arguments: directions.keys.sorted())
    func importsPointDownwards(module: String) throws {
        let ours = Set(directions.keys)
        let allowed = try #require(directions[module])
        for file in try Repository.files(below: "Sources/\(module)", suffix: ".swift") {
            let forbidden = try imports(of: file).filter { ours.contains($0) && !allowed.contains($0) }
            #expect(forbidden.isEmpty, "\(file) imports \(forbidden.joined(separator: ", "))")
        }
    }

    @Test("the picture itself has no cycle")
    func noCycle() {
        var left = directions
        while let leaf = left.first(where: { $0.value.isDisjoint(with: left.keys) }) {
            left[leaf.key] = nil
        }
        #expect(left.isEmpty)
    }

    @Test("an import is recognised however it is written")
    func importsAreRecognised() {
        let text = """
            // import Journal
            public import Planning
            @testable internal import struct Journal.Entry
            @preconcurrency import Foundation; import Glibc
            """
        #expect(modules(importedBy: text) == ["Planning", "Journal", "Foundation", "Glibc"])
    }

    private func imports(of file: String) throws -> [String] {
        modules(importedBy: try Repository.text(file))
    }

    private func modules(importedBy text: String) -> [String] {
        let pattern =
            /(?:@\w+\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|typealias|var|let)\s+)?(\w+).*/
        return text.split(whereSeparator: { $0 == "\n" || $0 == ";" })
            .compactMap { $0.trimmingPrefix(while: \.isWhitespace).wholeMatch(of: pattern).map { String($0.1) } }
    }
}
