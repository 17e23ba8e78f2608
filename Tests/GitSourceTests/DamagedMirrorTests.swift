import Foundation
import GitSource
import Model
import TestSupport
import Testing

/// What a power cut, a full disk or a killed process leaves of a mirror.
enum Damage: String, CaseIterable, Sendable {
    case emptyPack, truncatedPack, emptyIndex, noPacks, garbageHead, emptyHead, noHead, emptyConfig, garbageConfig
    case emptyReference, garbageReference, noObjects, noMirror, emptyMirror

    /// Whether the objects are whole, so that reading a commit works all the same.
    var isReadable: Bool { self == .emptyConfig }

    func strike(_ mirror: String) throws {
        let packs = try Paths.names(in: "\(mirror)/objects/pack").map { "\(mirror)/objects/pack/\($0)" }
        let pack = try #require(packs.first { $0.hasSuffix(".pack") })
        let index = try #require(packs.first { $0.hasSuffix(".idx") })
        let reference = "\(mirror)/refs/remotes/origin/main"
        switch self {
        case .emptyPack: try Paths.write(Data(), to: pack)
        case .truncatedPack: try Paths.write(Data(contentsOf: URL(filePath: pack)).dropLast(60), to: pack)
        case .emptyIndex: try Paths.write(Data(), to: index)
        case .noPacks: for path in packs { try FileManager.default.removeItem(atPath: path) }
        case .garbageHead: try Paths.write(Data("\u{0}\u{1}garbage".utf8), to: "\(mirror)/HEAD")
        case .emptyHead: try Paths.write(Data(), to: "\(mirror)/HEAD")
        case .noHead: try FileManager.default.removeItem(atPath: "\(mirror)/HEAD")
        case .emptyConfig: try Paths.write(Data(), to: "\(mirror)/config")
        case .garbageConfig: try Paths.write(Data("[[[\u{0}".utf8), to: "\(mirror)/config")
        case .emptyReference: try Paths.write(Data(), to: reference)
        case .garbageReference: try Paths.write(Data("garbage\n".utf8), to: reference)
        case .noObjects: try FileManager.default.removeItem(atPath: "\(mirror)/objects")
        case .noMirror: try FileManager.default.removeItem(atPath: mirror)
        case .emptyMirror:
            try FileManager.default.removeItem(atPath: mirror)
            try FileManager.default.createDirectory(atPath: mirror, withIntermediateDirectories: false)
        }
    }
}

@Suite("a damaged mirror")
struct DamagedMirrorTests {
    private static let warning = "warning: the mirror of the repository was damaged and has been cloned anew"

    let repository: GitFixture
    let bench: GitBench
    let id: CommitID

    init() async throws {
        repository = try GitFixture()
        try repository.write("plan.json", "{}")
        try repository.write("files/noise", (0..<500).map { "\($0 &* 2_654_435_761)" }.joined(separator: "\n"))
        id = try #require(CommitID(try repository.commit("first")))
        bench = try GitBench(repository.path)
        try await bench.follow()
    }

    @Test("it is cloned anew by a fetch", arguments: Damage.allCases)
    func fetch(damage: Damage) async throws {
        try damage.strike(bench.mirror)
        try repository.write("plan.json", "{ }")
        let next = try repository.commit("second")
        // A process of its own would have no memory of the mirror either.
        let bench = try GitBench(repository.path, scratch: bench.scratch)
        #expect(try await bench.follow().hex == next)
        let history = try await bench.source.history(of: try #require(CommitID(next)), since: nil, limit: 10)
        #expect(history.map(\.subject) == ["second", "first"])
        let isNoted = bench.messages.contains { $0 == Self.warning || $0.contains("cloned the repository") }
        #expect(isNoted || damage.isReadable)
    }

    @Test("it is cloned anew when a commit is read", arguments: Damage.allCases)
    func read(damage: Damage) async throws {
        try damage.strike(bench.mirror)
        let bench = try GitBench(repository.path, scratch: bench.scratch)
        let tree = try await bench.source.tree(at: id)
        #expect(try tree.content(of: "plan.json") == Array("{}".utf8))
        #expect(try await bench.source.commit(id).subject == "first")
        #expect(try await bench.source.isAncestor(id, of: id))
    }

    @Test("it is cloned anew when files are exported")
    func export() async throws {
        try Damage.truncatedPack.strike(bench.mirror)
        let bench = try GitBench(repository.path, scratch: bench.scratch)
        let path = try await TreeExporter(source: bench.source).tree(of: id)
        #expect(Paths.exists("\(path)/files/noise"))
        #expect(bench.messages.contains(Self.warning))
    }

    @Test("while the server is away it is an error that passes, and nothing is deleted")
    func serverAway() async throws {
        try Damage.garbageHead.strike(bench.mirror)
        let bench = try GitBench("/nonexistent/repo", scratch: bench.scratch)
        let failure = await gitFailure { _ = try await bench.source.tree(at: id) }
        #expect(failure?.disposition == .transient)
        #expect(Paths.exists("\(bench.mirror)/objects/pack"))
    }

    @Test("locks and partial packs of a killed fetch are swept away")
    func leftovers() async throws {
        try Paths.write(Data(), to: "\(bench.mirror)/refs/remotes/origin/main.lock")
        try Paths.write(Data("partial".utf8), to: "\(bench.mirror)/objects/pack/pack_git2_abc123")
        try FileManager.default.createDirectory(atPath: "\(bench.mirror).next", withIntermediateDirectories: false)
        try repository.write("plan.json", "{ }")
        let next = try repository.commit("second")
        #expect(try await bench.follow().hex == next)
        #expect(try !Paths.names(in: "\(bench.mirror)/objects/pack").contains("pack_git2_abc123"))
        #expect(try Paths.names(in: bench.git) == ["mirror.git", "mirror.git.lock"])
        #expect(!bench.messages.contains(Self.warning))
    }

    @Test("an unknown commit is no damage")
    func unknown() async throws {
        let stranger = try #require(CommitID(String(repeating: "a", count: 40)))
        let failure = await gitFailure { _ = try await bench.source.commit(stranger) }
        #expect(failure?.kind == .notFound)
        #expect(failure?.message.contains("'aaaaaaaaaa' is not in the history of branch 'main'") == true)
        #expect(bench.messages == ["info: cloned the repository"])
    }

    @Test("a mirror of very many packs is cloned anew into one")
    func manyPacks() async throws {
        let directory = "\(bench.mirror)/objects/pack"
        let pack = try #require(try Paths.names(in: directory).first { $0.hasSuffix(".pack") })
        for number in 0..<100 {
            try FileManager.default.copyItem(atPath: "\(directory)/\(pack)", toPath: "\(directory)/pack-\(number).pack")
        }
        try repository.write("plan.json", "{ }")
        let next = try repository.commit("second")
        #expect(try await bench.follow().hex == next)
        #expect(try Paths.names(in: directory).count { $0.hasSuffix(".pack") } == 1)
        #expect(bench.messages.last == "info: cloned the repository anew to get rid of many packs")
    }
}
