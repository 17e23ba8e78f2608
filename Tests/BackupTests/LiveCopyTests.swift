import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@Suite(
    "What changes while it is read is a note, and what is held goes on",
    .enabled(if: mustRun || ResticHost.unavailable == nil), .timeLimit(.minutes(5)))
struct LiveCopyTests {
    @Test("files that come and go while a live copy reads them cost nothing", arguments: VolumeBackup.Engine.all)
    func churn(engine: VolumeBackup.Engine) async throws {
        try await BackedUpHost.with { host in
            host.plan.containers["web"]?.volumes[1].backup = VolumeBackup(mode: .live, engine: engine)
            try host.write("rows", to: "database/table")
            try host.write("first line\n", to: "files/log")
            try await host.fillWithFiles(400)
            // One may be so lucky that nothing changes just then.
            var notes: [String] = []
            for day in (0..<10 as Range<Int64>).reversed() where notes.isEmpty {
                let run = try await host.changing("files") { try await host.backUp(daysAgo: day) }
                let manifest = try await host.manifest(of: run)
                #expect(manifest.incomplete == nil)
                #expect(manifest.dataNames == ["database", "files"])
                #expect(manifest.archive(of: "database")?.notes == nil)
                notes = manifest.archive(of: "files")?.notes ?? []
            }
            #expect(notes.count == 1 && notes[0].hasSuffix(" while it was read"), "\(notes)")
            try host.loseData()
            _ = try await host.restoreData()
            #expect(try content("\(host.stackDirectory)/files/log").hasPrefix("first line\n"))
            #expect(try host.size(of: "\(host.stackDirectory)/files/f400") == 100_000)
        }
    }

    @Test(
        "a container that is removed while it is held costs nothing, and no other one is left held",
        arguments: [VolumeBackup.Mode.pause, .stop])
    func removed(mode: VolumeBackup.Mode) async throws {
        try await BackedUpHost.withContainer { host in
            for index in 0...1 { host.plan.containers["web"]?.volumes[index].backup = VolumeBackup(mode: mode) }
            try host.write("rows", to: "database/table")
            // Long enough to do something meanwhile.
            try host.fill("files/big", megabytes: 200)
            let (held, sandbox) = ("\(host.fixture.configuration.stateDirectory)/backup/spool", host.sandbox)
            async let remover: Void = Self.remove("acme-web", whenHeldIn: held, sandbox)
            let run = try await host.backUp()
            try await remover
            #expect(try await host.manifest(of: run).incomplete == nil)
            #expect(try await host.problems(of: run) == [])
            #expect(try host.spooled() == [])
        }
    }

    private static func remove(_ container: String, whenHeldIn spool: String, _ sandbox: PodmanSandbox) async throws {
        for _ in 0..<2000 {
            let runs = (try? FileManager.default.contentsOfDirectory(atPath: spool)) ?? []
            let state = try await sandbox.podman("inspect", "--format", "{{.State.Status}}", container)
            if !runs.isEmpty, state != "running" { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        try await sandbox.podman("rm", "--force", "--time", "0", container)
    }

    @Test("a directory in whose place another one is put meanwhile is not taken for what it was")
    func replaced() async throws {
        try await BackedUpHost.withContainer { host in
            // The dump takes the directory away, as an unmount would.
            host.plan.containers["web"]?.volumes[0].backup = VolumeBackup(
                mode: .hook, dump: ["sh", "-c", "echo rows; touch /begun; while [ ! -e /moved ]; do sleep 0.1; done"],
                load: ["cat"])
            try host.write("rows", to: "database/table")
            try host.write("picture", to: "files/one")
            let (stack, sandbox) = (host.stackDirectory, host.sandbox)
            async let mover: Void = {
                for _ in 0..<2000 {
                    if (try? await sandbox.podman("exec", "acme-web", "test", "-e", "/begun")) != nil { break }
                    try await Task.sleep(for: .milliseconds(20))
                }
                try FileManager.default.moveItem(atPath: "\(stack)/database", toPath: "\(stack)/away")
                try FileManager.default.createDirectory(atPath: "\(stack)/database", withIntermediateDirectories: true)
                try await sandbox.podman("exec", "acme-web", "touch", "/moved")
            }()
            let run = try await host.backUp()
            try await mover
            #expect(
                try await host.manifest(of: run).incomplete
                    == ["database": "not saved: another directory took its place while it was read"])
        }
    }
}

extension VolumeBackup.Engine {
    fileprivate static let all: [Self] = [.tar, .restic]
}

extension BackedUpHost {
    func fillWithFiles(_ count: Int) async throws {
        let script = #"for i in $(seq "$1"); do head -c 100000 /dev/urandom >"$0/f$i"; done"#
        _ = try await Command("/bin/bash", ["-c", script, "\(stackDirectory)/files", "\(count)"]).run()
    }

    /// Runs `body` while files in data directory `name` come, go and grow.
    func changing<Value>(_ name: String, _ body: () async throws -> Value) async throws -> Value {
        let script =
            #"cd "$0" && while :; do for i in 1 2 3 4 5 6 7 8; do echo x >"tmp$i"; mkdir -p "dir$i"; echo y >"dir$i/y"; done; "#
            + #"echo line >>log; rm -rf tmp? dir?; done"#
        let churn = try TestProgram("bash", ["-c", script, "\(stackDirectory)/\(name)"]).start()
        defer { churn.stop() }
        return try await body()
    }
}
