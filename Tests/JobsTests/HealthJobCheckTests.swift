import Foundation
import HostSupport
import Model
import Processes
import TestSupport
import Testing

@testable import Jobs

@Suite("The health-check job asks containers (S4, C3)", .enabled(if: PodmanSandbox.unavailable == nil))
struct HealthJobCheckTests {
    @Test("a healthy stack makes no noise: one result, no log, no incident, no mail")
    func quiet() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = [
                "web": .checked(.page, liveness: .tcp(port: 8080)),
                "database-main": .checked(.command(["/bin/true"]), dependsOn: ["web"]),
                "worker": .checked(nil),
            ]
            for name in ["web", "database-main", "worker"] { try await bench.start(name, in: sandbox) }
            for _ in 1...2 {
                let ended = try await bench.run()
                #expect(ended.status == 0 && ended.output.isEmpty && ended.errorTail.isEmpty)
            }
            #expect(try bench.summary() == "3 containers healthy")
            #expect(try bench.jobs.log("health-check").isEmpty)
            #expect(try bench.events().isEmpty && bench.mails().isEmpty)
            let runtime = bench.jobs.fixture.configuration.runtimeDirectory
            #expect(access("\(runtime)/health-check", F_OK) != 0)
            let checks = ContainerCheck.all(runtimeDirectory: runtime)
            #expect(checks.keys.sorted() == ["database-main", "web", "worker"])
            #expect(checks.values.allSatisfy { $0.verdict == .healthy && $0.reason.isEmpty })
        }
    }

    @Test("every kind of check says in a few words what it met")
    func reasons() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = [
                "a-http": .checked(.http(HTTPCheck(port: 8080, path: "/nothing"))),
                "b-http": .checked(.http(HTTPCheck(port: 8081))),
                "c-tls": .checked(.http(HTTPCheck(port: 8080, path: "/version", tls: true))),
                "d-tcp": .checked(.tcp(port: 8081)),
                "e-command": .checked(.command(["/bin/sh", "-c", "echo one; echo two >&2; exit 7"])),
                "f-command": .checked(.command(["/bin/nothing"])),
                "g-alive": .checked(.page, liveness: .tcp(port: 9)),
                "h-redirect": .checked(.http(HTTPCheck(port: 8080, path: "/directory"))),
            ]
            for name in bench.plan.containers.keys { try await bench.start(name, in: sandbox) }
            try await bench.shell("h-redirect", "mkdir /www/directory", in: sandbox)
            try await bench.run()
            let words = try bench.spool().map { [$0["Subject"], $0["Kind"], $0["Reason"]].map { $0 ?? "" } }
            let reasons = Dictionary(uniqueKeysWithValues: words.map { ($0[0], "\($0[1]) \($0[2])") })
            #expect(reasons["a-http"] == "readiness http 404")
            #expect(reasons["b-http"]?.hasPrefix("readiness http: Failed to connect") == true)
            #expect(reasons["c-tls"]?.hasPrefix("readiness https: ") == true)
            #expect(reasons["d-tcp"] == "readiness port 8081: Connection refused")
            #expect(reasons["e-command"] == "readiness exit status 7: one | two")
            #expect(reasons["f-command"]?.hasPrefix("readiness exit status 127: ") == true)
            #expect(reasons["g-alive"] == "liveness port 9: Connection refused")
            #expect(reasons["h-redirect"] == nil)
            #expect(try bench.summary().hasPrefix("1 of 8 healthy; a-http fails: http 404; "))
            let checks = ContainerCheck.all(runtimeDirectory: bench.jobs.fixture.configuration.runtimeDirectory)
            #expect(checks["a-http"]?.verdict == .failing && checks["a-http"]?.reason == "http 404")
            #expect(checks["h-redirect"]?.verdict == .healthy)
        }
    }

    @Test("a command reaches the container unchanged, whatever is in it")
    func hostileCommand() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            let program = ["/bin/sh", "-c", #"printf '%s\0' "$@" >/tmp/arguments"#, "sh"]
            bench.plan.containers = ["web": .checked(.command(program + hostileTexts))]
            try await bench.start("web", in: sandbox)
            try await bench.run()
            #expect(try bench.summary() == "1 container healthy")
            let got = try await sandbox.podman("exec", "\(bench.stack)-web", "/bin/base64", "/tmp/arguments")
            let bytes = try #require(Data(base64Encoded: got, options: .ignoreUnknownCharacters))
            #expect(bytes == Data((hostileTexts.joined(separator: "\0") + "\0").utf8))
        }
    }

    @Test("a check that does not end is ended with all its processes, and leaves no monitor; its output fills nothing")
    func deadline() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            let endless = "env -i /bin/sleep 77.25 & (setsid sleep 77.25 &); yes $0"
            bench.plan.containers = [
                "deaf": .checked(.command(["/bin/sh", "-c", endless, "no"]), timeout: PlanDuration(milliseconds: 250)),
                "mute": .checked(.tcp(port: 8080), liveness: .http(HTTPCheck(port: 8080)), timeout: .seconds(1)),
            ]
            try await bench.start("deaf", in: sandbox)
            // Accepts connections and says nothing.
            try await bench.start("mute", "/bin/nc", "-ll", "-p", "8080", "-e", "/bin/sleep", "60", in: sandbox)
            let monitors = monitorCount(sandbox)
            try await bench.run()
            let reasons = try bench.spool().map { $0["Reason"] ?? "" }.sorted()
            #expect(reasons == ["command: no answer within 0.250 s", "http: no answer within 1 s"])
            #expect(try await tool("pgrep", "-f", "^/?[a-z/]*sleep 77.25$", orStatus: 1).isEmpty)
            // On a loaded machine one may take a moment to end after its command.
            for _ in 1...100 where monitorCount(sandbox) != monitors { try await Task.sleep(for: .milliseconds(100)) }
            #expect(monitorCount(sandbox) == monitors)
            #expect(try await bench.state("deaf", "{{len .ExecIDs}} {{.State.Status}}", in: sandbox) == "0 running")
        }
    }

    @Test("HTTPS is asked for without trust in the certificate, which is made for the public name")
    func https() async throws {
        let scratch = try Scratch()
        let (key, certificate) = ("\(scratch.path)/key.pem", "\(scratch.path)/cert.pem")
        try await tool(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
            "/CN=elsewhere.example.com", "-keyout", key, "-out", certificate)
        let port = try LoopbackPort.free()
        let server = try TestProgram(
            "openssl", ["s_server", "-www", "-accept", "127.0.0.1:\(port)", "-key", key, "-cert", certificate]
        ).start()
        defer { server.stop() }
        let bench = try JobBench()
        let parts = [PackageResources.health_probes_bash, PackageResources.health_incidents_bash]
        let check =
            "until check_tcp 1 127.0.0.1 \(port) >/dev/null; do sleep 0.05; done\n"
            + "check_http 3 127.0.0.1 https \(port) /; finish $? done"
        let body = parts.map { String(decoding: $0, as: UTF8.self) }.joined() + "job_begin check 20\n" + check
        #expect(try await bench.run(bench.job("check", body) { $0.set("STACK", "acme") }).status == 0)
    }

    @Test("a program that is missing on the host is the host's failure, not that of the containers")
    func missingProgram() async throws {
        try await HealthJobBench.with { bench, sandbox in
            var bench = bench
            bench.plan.containers = ["web": .checked(.page)]
            bench.path = "\(bench.jobs.root)/bin"
            try FileManager.default.createDirectory(atPath: bench.path, withIntermediateDirectories: true)
            let present = "timeout bash date mkdir stat cat mv sync flock readlink podman".split(separator: " ")
            for name in present.map(String.init) {
                let program = try #require(TestProgram.find(name))
                try FileManager.default.createSymbolicLink(
                    atPath: "\(bench.path)/\(name)", withDestinationPath: program)
            }
            for _ in 1...3 { #expect(try await bench.run().status == 1) }
            #expect(try bench.summary() == "'curl' is not installed: install it")
            #expect(try bench.events().isEmpty)
        }
    }

    private func monitorCount(_ sandbox: PodmanSandbox) -> Int {
        let pids = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { Int32($0) } ?? []
        return pids.filter { pid in
            guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { return false }
            let text = String(decoding: data, as: UTF8.self)
            return text.contains("conmon") && text.contains(sandbox.root)
        }.count
    }
}
