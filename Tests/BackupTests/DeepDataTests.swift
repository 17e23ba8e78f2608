import Foundation
import Glibc
import HostSupport
import Model
import TestSupport
import Testing

@testable import Backup
@testable import HostSystem

@Suite(
    "T3: directories that a container nests without end cost themselves only",
    .enabled(if: mustRun || ResticHost.unavailable == nil), .timeLimit(.minutes(5)))
struct DeepDataTests {
    @Test(
        "they are left out, which the run says at once; the rest comes back",
        arguments: [VolumeBackup.Engine.tar, .restic])
    func leftOut(engine: VolumeBackup.Engine) async throws {
        try await BackedUpHost.with { host in
            host.plan.containers["web"]?.volumes[1].backup = VolumeBackup(mode: .live, engine: engine)
            try host.write("rows", to: "database/table")
            for name in ["files/a", "files/z", "files/d[*]/x"] { try host.write("picture", to: name) }
            try DeepTree.make(in: "\(host.stackDirectory)/files/d[*]", levels: 300, length: 100)
            try DeepTree.make(in: "\(host.stackDirectory)/files/d[*]", levels: 3000)
            let copied = try await host.copy()
            let sealed = try await host.backups().seal(copied, now: copied.run.moment)
            for delivery in try await host.deliver() { #expect(delivery.failure == nil) }
            let manifest = try await host.manifest(of: sealed.run)
            #expect(manifest.incomplete == nil)
            #expect(
                manifest.archive(of: "files")?.notes == ["2 directories with a path of over 3500 bytes are not saved"])
            #expect(manifest.archive(of: "database")?.notes == nil)
            #expect(Array(sealed.leftOut.keys) == ["files"])
            #expect(sealed.leftOut["files"]?.allSatisfy { $0.hasPrefix("d[*]/d") && $0.count < 90 } == true)
            #expect(try await host.problems(of: sealed.run) == [])

            try await tool("rm", "-rf", host.stackDirectory)
            let told = try await host.restoreData()
            #expect(told.contains { $0.contains("'files': restored from run \(sealed.run)") }, "\(told)")
            for name in ["a", "z", "d[*]/x"] {
                #expect(try content("\(host.stackDirectory)/files/\(name)") == "picture")
            }
            try await tool("rm", "-rf", host.stackDirectory)
        }
    }

    @Test("where there are more of them than a copy can name, that data directory alone is not saved")
    func countless() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            try host.write("picture", to: "files/a")
            let name = String(repeating: "d", count: 100)
            let parent = "\(host.stackDirectory)/files" + String(repeating: "/\(name)", count: 34)
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            for index in 0...DeepDirectories.most {
                #expect(mkdir("\(parent)/\(String(repeating: "x", count: 200))\(index)", 0o700) == 0)
            }
            let copied = try await host.copy()
            #expect(copied.failures.map(\.name) == ["files"])
            let said = copied.failures.first?.said ?? ""
            #expect(said.hasPrefix("more than 100 directories in it have paths of over 3500 bytes"), "\(said)")
            try await host.seal(copied)
            for delivery in try await host.deliver() { #expect(delivery.failure == nil) }
            #expect(try await host.manifest(of: copied.run).dataNames == ["database"])
        }
    }

    @Test("what the plan leaves out anyway is not told")
    func excluded() throws {
        let scratch = try Scratch()
        try scratch.write("x", to: "data/cache/x")
        try DeepTree.make(in: "\(scratch.path)/data/cache", levels: 40, length: 100)
        func found(exclude: [String] = [], include: [String] = []) -> Int {
            DeepDirectories(
                of: VolumeCopy(
                    name: "files", directory: "\(scratch.path)/data", container: nil, mode: .live, engine: .tar,
                    dump: [],
                    load: nil, exclude: exclude, include: include)
            ).paths.count
        }
        #expect(found() == 1)
        #expect(found(exclude: ["cache"]) == 0)
        #expect(found(exclude: ["cache/*"]) == 0)
        #expect(found(exclude: ["cache/x"]) == 1)
        #expect(found(include: ["cache"]) == 1)
        #expect(found(include: ["site"]) == 0)
    }

    @Test("a run of before that holds them is restored but for them, and says so")
    func earlier() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            for name in ["files/a", "files/z"] { try host.write("picture", to: name) }
            let copied = try await host.copy()
            try DeepTree.make(in: "\(host.stackDirectory)/files", levels: 60, length: 100)
            // As it was made before they were left out.
            let script =
                #"set -o pipefail; cd "$0" && rm files.tar.zst.age.* && tar --create --sort=name -C "$1" . "#
                + "| zstd -q | age -R recipients >files.tar.zst.age.0000"
            let spool = "\(host.fixture.configuration.stateDirectory)/backup/spool/\(copied.run)"
            try await tool("bash", "-c", script, spool, "\(host.stackDirectory)/files")
            try await host.seal(copied)
            for delivery in try await host.deliver() { #expect(delivery.failure == nil) }
            #expect(
                try await host.problems(of: copied.run)
                    == ["21 entries of 'files' cannot be restored: their paths are too long"])
            try await tool("rm", "-rf", host.stackDirectory)
            let notes = Notes()
            let found = try await host.restore.fetchData(
                for: ["database", "files"], of: host.plan, secrets: Secrets()
            ) { notes.add($0) }
            #expect(found.partial.count == 1 && notes.all.contains(found.partial.first ?? ""), "\(found)")
            #expect(found.partial.first?.contains("entries of it cannot be brought back: './d") == true, "\(found)")
            let told = try await host.restore.placeData(of: host.plan).map { "\($0.subject): \($0.text)" }
            #expect(told.contains { $0.contains("'files': restored from run \(copied.run)") }, "\(told)")
            for name in ["a", "z"] { #expect(try content("\(host.stackDirectory)/files/\(name)") == "picture") }
            try await tool("rm", "-rf", host.stackDirectory)
        }
    }

    @Test(
        "only what is said of single entries lets an unpacking pass",
        arguments: [
            ([tooLong, ends], true),
            (["tar: ./n: Cannot mknod: Operation not permitted", ends], true),
            (["tar: ./b: Cannot hard link to './d/d': No such file or directory", ends], true),
            ([tooLong], false),
            ([tooLong, "tar: ./e: Cannot open: No space left on device", ends], false),
            (["tar: ./d: Cannot open: Permission denied", ends], false),
            ([tooLong, "tar: Unexpected EOF in archive", "tar: Error is not recoverable: exiting now"], false),
            (["tar: Skipping to next header", ends], false), ([ends], false), ([], false),
        ])
    func complaints(lines: [String], passes: Bool) {
        #expect((UnpackComplaints(lines).loss != nil) == passes)
    }

    private static let tooLong = "tar: ./d: Cannot mkdir: File name too long"
    private static let ends = "tar: Exiting with failure status due to previous errors"
}
