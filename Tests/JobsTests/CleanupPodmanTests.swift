import Foundation
import HostSupport
import Model
import Processes
import TestSupport
import Testing

@testable import Jobs

@Suite(
    "The clean-up job on a real Podman (S11)",
    .enabled(if: CronHost.unavailable == nil && PodmanSandbox.unavailable == nil))
struct CleanupPodmanTests {
    private func bench(_ sandbox: PodmanSandbox) throws -> CleanupBench {
        var bench = try CleanupBench()
        let environment = sandbox.environment.filter { Command.plainEnvironment[$0.key] == nil }
        bench.cron.engine = EngineProgram(of: .podman, environment: environment)
        return bench
    }

    @Test("old lines leave a container's log while it writes; 'podman logs' shows every later one")
    func containerLog() async throws {
        try await PodmanSandbox.with { sandbox in
            let bench = try bench(sandbox)
            let loop =
                "i=0; while :; do i=$((i+1)); echo line $i of the container; [ $((i % 100)) != 0 ] || sleep 0.02; done"
            let id = try await sandbox.load(PodmanTestImage("1", command: "/bin/sh", "-c", loop), as: "localhost/log:1")
            let name = "\(sandbox.id)-web"
            try await sandbox.podman(
                "create", "--name", name, "--label", "\(FairleadLabel.stack)=acme", "--log-driver", "k8s-file",
                "--network", "none", id)
            let log = try await sandbox.podman("inspect", "--format", "{{.HostConfig.LogConfig.Path}}", name)
            let time = LogTime.nanoseconds.text(20 * day)
            try (0..<5000).map { "\(time) stdout F old line \($0)\n" }.joined()
                .write(toFile: log, atomically: false, encoding: .utf8)
            try await sandbox.podman("start", name)
            try await Task.sleep(for: .milliseconds(500))
            let result = try await bench.run()
            try await Task.sleep(for: .milliseconds(500))
            try await sandbox.podman("kill", name)
            #expect(result["status"] == "0" && result["summary"]?.contains("container logs ") == true)
            let lines = try await sandbox.podman("logs", name).split(separator: "\n")
            #expect(lines.first?.hasPrefix("(older entries were removed by fairlead)") == true)
            let numbers = lines.dropFirst().map { $0.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0 }
            #expect(numbers.count > 100 && numbers == Array(1...numbers.count), "a line is lost or damaged")
        }
    }

    @Test("what deployments left behind goes; what containers use, and what has a name, stays")
    func remains() async throws {
        try await PodmanSandbox.with { sandbox in
            let bench = try bench(sandbox)
            let scratch = bench.cron.fixture.scratch
            let deployed = try JobScript.Origin.test().commit.hex
            let (mounted, old) = (String(repeating: "c3", count: 20), String(repeating: "d4", count: 20))
            for tree in [deployed, mounted, old, ".\(old).77", "notes"] {
                try scratch.write("content", to: "state/trees/\(tree)/files/site.conf")
            }
            try scratch.write(String(repeating: "x", count: 300_000), to: "state/downloads/a.tar.zst")
            let dangling = try await sandbox.load(PodmanTestImage("1"), as: "localhost/left:1")
            try await sandbox.podman("untag", dangling)
            let used = try await sandbox.load(PodmanTestImage("2"), as: "localhost/used:1")
            let named = try await sandbox.load(PodmanTestImage("3"), as: "localhost/named:1")
            try await sandbox.podman(
                "create", "--name", "\(sandbox.id)-web", "--network", "none", "--volume",
                "\(bench.cron.state)/trees/\(mounted)/files/site.conf:/site.conf:ro", used)
            try await sandbox.podman("untag", used)
            let result = try await bench.run()
            #expect(result["status"] == "0")
            for part in ["downloads ", "working trees ", "images "] {
                #expect(result["summary"]?.contains(part) == true, "\(result["summary"] ?? "")")
            }
            let trees = try FileManager.default.contentsOfDirectory(atPath: "\(bench.cron.state)/trees").sorted()
            #expect(trees == [deployed, mounted, "notes"].sorted())
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(bench.cron.state)/downloads").isEmpty)
            let images = try await sandbox.podman("images", "--quiet", "--no-trunc")
            #expect(!images.contains(dangling) && images.contains(used) && images.contains(named))

            // Maintenance: only logs are cleaned.
            try scratch.write("more", to: "state/downloads/b.tar")
            try scratch.write("OS update\n", to: "state/jobs/paused")
            #expect(try await bench.run()["status"] == "0")
            #expect(!attributes("\(bench.cron.state)/downloads/b.tar").isEmpty)
            #expect(try content("\(bench.root)/log/cleanup.log").contains("left alone: OS update"))
        }
    }

    @Test("an engine that does not answer costs its own parts only, and the result says which")
    func silentEngine() async throws {
        var bench = try CleanupBench()
        bench.cron.engine = EngineProgram(name: "podman-that-is-not-there")
        try bench.cron.fixture.scratch.write("x", to: "state/trees/\(String(repeating: "d4", count: 20))/x")
        try bench.log("syslog.1", String(repeating: "x", count: 9000))
        _ = try TestProgram("touch", ["--date=15 days ago", "\(bench.logs)/syslog.1"]).run()
        let result = try await bench.run()
        #expect(result["status"] == "1")
        #expect(result["summary"]?.hasPrefix("freed 12.0 KiB: syslog 12.0 KiB; not all done: ") == true)
        #expect(!attributes("\(bench.cron.state)/trees/\(String(repeating: "d4", count: 20))").isEmpty)
    }
}
