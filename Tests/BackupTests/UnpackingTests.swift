import Files
import Foundation
import HostSupport
import HostSystem
import Processes
import TestSupport
import Testing

/// J5, T3: what a storage sends is what was saved before a program reads it, and that program can do little else (M7).
@Suite("What a storage sends", .enabled(if: mustRun || BackedUpHost.unavailable == nil))
struct UnpackingTests {
    @Test("no byte of a part that is not what was saved reaches a program that unpacks it", arguments: [0, 1, 2])
    func checked(index: Int) async throws {
        try await BackedUpHost.with { host in
            try host.fill("database/table", megabytes: 1)
            let run = try await host.backUp(partSize: 400_000)
            let parts = try FileManager.default.contentsOfDirectory(atPath: host.path(of: run)).sorted()
                .filter { $0.hasPrefix("database.") }.map { URL(filePath: "\(host.path(of: run))/\($0)") }
            #expect(parts.count == 3)
            let good = try parts[..<index].reduce(into: Data()) { $0 += try Data(contentsOf: $1) }
            var bytes = [UInt8](try Data(contentsOf: parts[index]))
            bytes[bytes.count / 2] ^= 1
            try Data(bytes).write(to: parts[index])

            try host.loseData()
            let seen = "\(host.fixture.scratch.path)/seen"
            try host.replaceProgram("age", by: "set -o pipefail; tee -a '\(seen)' | /usr/bin/age \"$@\"")
            let error = await #expect(throws: HostError.self) { try await host.fetchData(["database"]) }
            let told = "part '\(parts[index].lastPathComponent)' is not the one that was saved"
            #expect(error?.message.contains(told) == true, "\(error as Any)")
            #expect((FileManager.default.contents(atPath: seen) ?? Data()) == good)
            #expect(host.entries() == [])
        }
    }

    @Test(
        "a program that unpacks writes where it should and reads nothing of the host, and every file is what it was",
        .enabled(if: mustRun || HardTree.unavailable == nil))
    func confinedTar() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            try await HardTree.make("\(host.stackDirectory)/files", smallFiles: 20, bigFile: 1 << 20)
            let run = try await host.backUp(partSize: 1 << 17)
            try FileManager.default.moveItem(atPath: host.stackDirectory, toPath: host.saved)
            host.fixture.configuration.confiner = FairleadBinary.path
            for name in ["age", "zstd", "tar"] { try host.replaceProgram(name, by: host.nosy(name)) }
            #expect(try await host.problems(of: run) == [])
            let told = try await host.restoreData()
            for name in ["database", "files"] {
                let (saved, restored) = ("\(host.saved)/\(name)", "\(host.stackDirectory)/\(name)")
                #expect(try await HardTree.differences(saved, restored) == [], "\(told)")
            }
        }
    }

    @Test("so does restic", .enabled(if: mustRun || ResticHost.unavailable == nil))
    func confinedRestic() async throws {
        try await ResticHost.with { host in
            try host.write("text", to: "files/sub/text")
            _ = try await Command("/bin/chown", ["-R", "999:998", "\(host.stackDirectory)/files/sub"]).run()
            _ = try await Command("/bin/chmod", ["0640", "\(host.stackDirectory)/files/sub/text"]).run()
            let facts = try await host.facts("files/sub/text")
            try await host.backUp()
            try host.loseData()
            host.fixture.configuration.confiner = FairleadBinary.path
            let script = try host.nosy("restic")
            try host.replaceProgram(
                "restic", by: "case \"$*\" in *--help*) exec /usr/bin/restic \"$@\" ;; esac\n\(script)")
            let told = try await host.restoreData(["files"])
            #expect(try content("\(host.stackDirectory)/files/sub/text") == "text", "\(told)")
            #expect(try await host.facts("files/sub/text") == facts)
        }
    }
}

extension BackedUpHost {
    /// From now on it is found in place of the real one.
    fileprivate mutating func replaceProgram(_ name: String, by script: String) throws {
        let place = "\(fixture.scratch.path)/programs"
        try fixture.scratch.write("#!/bin/bash\n\(script)\n", to: "programs/\(name)")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(place)/\(name)")
        let standard = HostConfiguration.standardCommandPath
        fixture.configuration.commandPath = "\(place):\(standard)"
    }

    /// A program that fails where it can read or write what it should not, and else is `name`.
    fileprivate func nosy(_ name: String) throws -> String {
        let secret = try fixture.scratch.write("secret", to: "secret")
        return """
            if cat '\(secret)' >/dev/null 2>&1; then echo 'reads the host' >&2; exit 71; fi
            if { echo x >'\(fixture.scratch.path)/escaped'; } 2>/dev/null; then echo 'writes to the host' >&2; exit 72; fi
            exec '/usr/bin/\(name)' "$@"
            """
    }

    fileprivate func facts(_ file: String) async throws -> String {
        try await Command("/usr/bin/stat", ["-c", "%u %g %a %s %Y", "\(stackDirectory)/\(file)"]).run().text
    }
}
