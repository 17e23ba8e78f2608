import Foundation
import HostSupport
import HostSystem
import Processes
import TestSupport
import Testing

@Suite(
    "J4: a data directory of many files and of big ones", .enabled(if: mustRun || BackedUpHost.unavailable == nil),
    .timeLimit(.minutes(10)))
struct LargeTreeTests {
    @Test("comes back equal: 100 000 small files, and one of more than 2 GiB")
    func large() async throws {
        try await BackedUpHost.with { host in
            // In memory where there is some: making files is what takes most of the time on a disk.
            let memory = "/dev/shm/fairlead-\(UUID())"
            defer { try? FileManager.default.removeItem(atPath: memory) }
            if try Self.freeMemory() > 6 << 30 { host.fixture.configuration.dataRoot = memory }
            let database = "\(host.stackDirectory)/database"
            try await shell(Self.build, database)
            let saved = try await shell(Self.sum, database)
            let run = try await host.backUp(partSize: 64 << 20)
            let parts = try FileManager.default.contentsOfDirectory(atPath: host.path(of: run))
                .filter { $0.hasPrefix("database.") }
            #expect(parts.count > 1)
            try host.loseData()
            #expect(try await host.restoreData(["database"]).contains { $0.contains("restored from run \(run)") })
            #expect(try await shell(Self.sum, database) == saved)
        }
    }

    /// In bytes.
    private static func freeMemory() throws -> Int {
        let lines = try String(contentsOfFile: "/proc/meminfo", encoding: .utf8).split(separator: "\n")
        let words = lines.first { $0.hasPrefix("MemAvailable:") }?.split(separator: " ") ?? []
        return words.count > 1 ? (Int(words[1]) ?? 0) << 10 : 0
    }

    /// The big file is one random block again and again, so that only the file itself takes room.
    private static let build = #"""
        mkdir -p "$0" && cd "$0"
        for i in $(seq 100); do mkdir "d$i"; (cd "d$i" && seq "${i}000" "${i}999" | split -a 3 -l 1 -d - file); done
        head -c 1M /dev/urandom >block
        for _ in $(seq 2049); do cat block; done >big
        [ "$(find . -name 'file*' | wc -l)" = 100000 ] && [ "$(stat -c %s big)" -gt 2147483648 ]
        """#

    /// Of every name, owner, mode, time and byte.
    private static let sum = #"tar -C "$0" --sort=name --numeric-owner --sparse -cf - . | sha256sum"#

    @discardableResult
    private func shell(_ script: String, _ directory: String) async throws -> String {
        try await Command("/bin/bash", ["-eo", "pipefail", "-c", script, directory], deadline: .seconds(300)).run().text
    }
}
