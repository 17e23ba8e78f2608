import ContainerEngine
import Foundation
import Model
import Processes
import TestSupport
import Testing

@Suite("Health checks", .enabled(if: EngineFixture.canRun))
struct ProbeTests {
    private func reason(_ result: ProbeResult) -> String {
        if case .unhealthy(let reason) = result { reason } else { "healthy" }
    }

    @Test("by command are healthy with exit code 0, and otherwise tell the code and the end of the output (S12)")
    func command() async throws {
        try await EngineFixture.with { fixture in
            let web = try await fixture.run(try await fixture.spec())
            func probe(_ command: String...) async -> ProbeResult {
                await fixture.engine.probe(.command(command), container: web, timeout: .seconds(10))
            }
            #expect(await probe("/bin/true") == .healthy)
            #expect(
                await probe("/bin/sh", "-c", "echo out; echo no database >&2; exit 4")
                    == .unhealthy("exit code 4: out | no database"))
            #expect(reason(await probe("/bin/missing")).contains("/bin/missing"))
            try await fixture.engine.stop(web.id, grace: .seconds(1))
            #expect(reason(await probe("/bin/true")).hasPrefix("cannot run the check"))
            try await fixture.engine.removeContainer(web.id)
            #expect(reason(await probe("/bin/true")).contains("no such container"))
        }
    }

    @Test("by command leave neither a monitor nor a record of the command behind")
    func leavesNothing() async throws {
        try await EngineFixture.with { fixture in
            let web = try await fixture.run(try await fixture.spec())
            for _ in 0..<5 {
                let check = HealthCheck.command(["/bin/true"])
                #expect(await fixture.engine.probe(check, container: web, timeout: .seconds(10)) == .healthy)
            }
            #expect(
                try await EngineFixture.eventually {
                    let processes = try await Command("/usr/bin/ps", ["-eo", "args"]).run().text.split(separator: "\n")
                    let records = try await fixture.sandbox.podman("inspect", "--format", "{{len .ExecIDs}}", web.id)
                    return !processes.contains { $0.contains(web.id) && $0.contains("--exit-delay") } && records == "0"
                })
            #expect(try await fixture.engine.inspect(web.id)?.state == .running)
        }
    }

    @Test("by command end at their time-out, with all processes that they started")
    func commandTimeout() async throws {
        try await EngineFixture.with { fixture in
            let web = try await fixture.run(try await fixture.spec())
            let check = HealthCheck.command(["/bin/sh", "-c", "sleep 7777; true"])
            let start = ContinuousClock.now
            let result = await fixture.engine.probe(check, container: web, timeout: PlanDuration(milliseconds: 700))
            #expect(result == .unhealthy("no answer within 700ms"))
            #expect(start.duration(to: .now) < .seconds(30))
            let processes = try await fixture.sandbox.podman("exec", web.id, "/bin/ps")
            #expect(!processes.contains("sleep 7777"))
            #expect(processes.contains("httpd"))
        }
    }

    @Test("by HTTP are healthy from 200 to 399, follow no redirect, and tell the status or the failure otherwise")
    func http() async throws {
        try await EngineFixture.with { fixture in
            let web = try await fixture.run(try await fixture.spec())
            func probe(_ check: HTTPCheck) async -> ProbeResult {
                await fixture.engine.probe(.http(check), container: web, timeout: .seconds(20))
            }
            #expect(try await EngineFixture.eventually { await probe(HTTPCheck(port: 8080)) == .healthy })
            #expect(await probe(HTTPCheck(port: 8080, path: "version")) == .healthy)
            #expect(await probe(HTTPCheck(port: 8080, path: "/nope")) == .unhealthy("status 404"))
            #expect(await probe(HTTPCheck(port: 9)) == .unhealthy("connection refused"))
            #expect(reason(await probe(HTTPCheck(port: 8080, tls: true))) != "healthy")
            var stopped = web
            stopped.address = nil
            let result = await fixture.engine.probe(
                .http(HTTPCheck(port: 80)), container: stopped, timeout: .seconds(20))
            #expect(reason(result).contains("no address"))
        }
    }

    @Test("by TCP are healthy when the port accepts")
    func tcp() async throws {
        try await EngineFixture.with { fixture in
            let web = try await fixture.run(try await fixture.spec())
            func probe(_ port: UInt16) async -> ProbeResult {
                await fixture.engine.probe(.tcp(port: port), container: web, timeout: .seconds(20))
            }
            #expect(try await EngineFixture.eventually { await probe(8080) == .healthy })
            #expect(await probe(9) == .unhealthy("connection refused"))
            var lost = web
            lost.address = "\(fixture.sandbox.subnetPrefix).126"
            let start = ContinuousClock.now
            let result = await fixture.engine.probe(.tcp(port: 80), container: lost, timeout: .seconds(1))
            #expect(reason(result) != "healthy")
            #expect(start.duration(to: .now) < .seconds(60))
        }
    }

    @Test("by HTTPS take any certificate; a server that is silent runs into the time-out")
    func tls() async throws {
        let server = try await TLSFileServer.start(files: ["ok": "yes"])
        defer { server.stop() }
        let silent = try SilentServer()
        let engine = try StubEngine([StubEngine.ping])
        defer { engine.close() }
        let podman = engine.engine()
        let local = ContainerStatus(id: "x", name: "x", imageID: "x", state: .running, address: "127.0.0.1")
        let check = HTTPCheck(port: server.port, path: "/ok", tls: true)
        #expect(await podman.probe(.http(check), container: local, timeout: .seconds(20)) == .healthy)
        #expect(
            await podman.probe(.http(HTTPCheck(port: silent.port)), container: local, timeout: .seconds(1))
                == .unhealthy("no answer within 1s"))
        await podman.shutDown()
    }
}
