import Files
import Foundation
import Glibc
import HostSupport
import Model
import TestSupport
import Testing

@testable import Backup
@testable import HostSystem

@Suite(
    "T3: what a container does to its data leads a backup to no file of the host",
    .enabled(if: mustRun || (ResticHost.unavailable ?? HardTree.unavailable) == nil), .timeLimit(.minutes(5)))
struct CopyConfinementTests {
    @Test("a symbolic link in the way to what the plan includes fails the copy, instead of taking what lies elsewhere")
    func included() async throws {
        try await BackedUpHost.with { host in
            host.fixture.configuration.confiner = FairleadBinary.path
            let elsewhere = try host.fixture.scratch.write("canary", to: "elsewhere/app")
            try host.write("rows", to: "database/table")
            try host.write("picture", to: "files/one")
            #expect(symlink(PathName.directory(of: elsewhere), "\(host.stackDirectory)/files/conf") == 0)
            host.plan.containers["web"]?.volumes[1].backup = VolumeBackup(mode: .live, include: ["conf/app"])
            let copied = try await host.copy()
            #expect(copied.failures.map(\.name) == ["files"])
            #expect(copied.failures.first?.reason == "not saved: not all of it could be read: Permission denied")
            try await host.seal(copied)
            _ = try await host.deliver()
            #expect(try await host.manifest(of: copied.run).dataNames == ["database"])
        }
    }

    @Test(
        "directories that become links while they are read show nothing else",
        arguments: [VolumeBackup.Engine.tar, .restic])
    func swapped(engine: VolumeBackup.Engine) async throws {
        try await BackedUpHost.with { host in
            host.fixture.configuration.confiner = FairleadBinary.path
            host.plan.containers["web"]?.volumes[1].backup = VolumeBackup(mode: .live, engine: engine)
            try host.write("rows", to: "database/table")
            for index in 0..<60 {
                try host.fixture.scratch.write("canary", to: "elsewhere/\(index)")
                try host.write("own", to: "files/d/\(index)")
            }
            let script = #"cd "$0"; while :; do mv -T d e; ln -s "$1" d; rm d; mv -T e d; done"#
            let swapping = try TestProgram(
                "bash", ["-c", script, "\(host.stackDirectory)/files", "\(host.fixture.scratch.path)/elsewhere"]
            ).start()
            defer { swapping.stop() }
            for day in (0..<3 as Range<Int64>).reversed() { try await host.backUp(daysAgo: day) }
            swapping.stop()
            for name in try FileManager.default.contentsOfDirectory(atPath: "\(host.store)/acme/vsn1").sorted() {
                host.plan.backup?.restore = .run(name)
                try await tool("rm", "-rf", "\(host.stackDirectory)/files")
                _ = try? await host.restoreData(["files"])
                guard FileManager.default.fileExists(atPath: "\(host.stackDirectory)/files") else { continue }
                let found = try await tool("grep", "-rc", "canary", "\(host.stackDirectory)/files", orStatus: 1)
                #expect(!found.split(separator: "\n").contains { !$0.hasSuffix(":0") }, "\(found.prefix(200))")
            }
        }
    }

    @Test("what a confined tar says of files that went is understood as ever")
    func churn() async throws {
        try await BackedUpHost.with { host in
            host.fixture.configuration.confiner = FairleadBinary.path
            try host.write("rows", to: "database/table")
            try host.write("picture", to: "files/one")
            host.plan.containers["web"]?.volumes[1].backup = VolumeBackup(mode: .live, include: ["one", "gone"])
            let copied = try await host.copy()
            #expect(
                copied.failures.map(\.reason) == ["not saved: not all of it could be read: No such file or directory"])
        }
    }

    @Test(
        "confined, its programs read all that a file system knows of a file",
        arguments: [VolumeBackup.Engine.tar, .restic])
    func whole(engine: VolumeBackup.Engine) async throws {
        try await BackedUpHost.with { host in
            host.fixture.configuration.confiner = FairleadBinary.path
            host.plan.containers["web"]?.volumes[1].backup = VolumeBackup(mode: .live, engine: engine)
            try host.write("rows", to: "database/table")
            try await HardTree.make("\(host.stackDirectory)/files", smallFiles: 20, bigFile: 1 << 20)
            let before = "\(host.fixture.scratch.path)/before"
            try await tool("cp", "--archive", "\(host.stackDirectory)/files", before)
            let run = try await host.backUp()
            #expect(try await host.manifest(of: run).incomplete == nil)
            try await tool("rm", "-rf", "\(host.stackDirectory)/files")
            _ = try await host.restoreData(["files"])
            let differences = try await HardTree.differences(before, "\(host.stackDirectory)/files")
            // What restic cannot bring back, confined or not.
            let lost = engine == .tar ? [] : ["b'holes/", "b'links/odd': target", "b'links/dangling-too'"]
            #expect(differences.filter { difference in !lost.contains { difference.hasPrefix($0) } } == [])
        }
    }
}
