import Foundation
import HostSupport
import Model
import Processes
import TestSupport
import Testing

@testable import Jobs

@Suite(
    "The health-check job with Docker (S3)", .enabled(if: DockerFixture.unavailable == nil),
    .enabled(if: TestProgram.find("docker") != nil, "the client 'docker' is not installed"))
struct HealthJobDockerTests {
    @Test("checks, restarts and tells as with Podman, also of a crash loop and of what is missing")
    func sameScript() async throws {
        try await DockerFixture.with { docker in
            var bench = try HealthJobBench(
                stack: docker.id, environment: ["DOCKER_HOST": "unix://\(docker.socket)"])
            (bench.product, bench.engine) = (.docker, "docker")
            bench.plan.containers = [
                "web": .checked(.page, liveness: .notSick), "slow": .checked(.command(["/bin/sleep", "78.5"])),
                "crashing": .checked(nil), "gone": .checked(.page),
            ]
            bench.plan.containers["slow"]?.health?.timeout = .seconds(1)
            try await prepare(docker)
            try await start("web", [], docker)
            try await start("slow", [], docker)
            try await start("crashing", ["/bin/sh", "-c", "sleep 0.1; exit 3"], docker)
            let job = MaintenancePlan.HealthCheck(schedule: "* * * * *", restartAfter: 2, restartLimit: 3)
            try await bench.run(job)
            #expect(try bench.events().contains("gone opened"))
            #expect(!(try bench.events().contains("web opened")))
            #expect(try await tool("pgrep", "-f", "^/?[a-z/]*sleep 78.5$", orStatus: 1).isEmpty)
            try await self.docker(docker, "exec", "\(docker.id)-web", "touch", "/tmp/sick")
            for _ in 1...2 { try await bench.run(job) }
            try await self.docker(docker, "exec", "\(docker.id)-web", "rm", "/tmp/sick")
            for run in 1...12 {
                try await bench.run(job)
                if try bench.events().contains("crashing gave-up") { break }
                #expect(run < 12)
                try await Task.sleep(for: .seconds(1))
            }
            // A recovery has to hold for a second run.
            try await bench.run(job)
            let events = try bench.events()
            #expect(events.filter { $0.hasPrefix("web") } == ["web opened", "web restarted", "web closed"])
            #expect(events.filter { $0.hasPrefix("crashing") } == ["crashing opened", "crashing gave-up"])
            #expect(
                try bench.subjects().contains("slow DOWN: command: no answer within 1 s")
                    && bench.subjects().contains("gone DOWN: the container is missing: somebody removed it"))
            let crashing = ["inspect", "--format", "{{.State.Status}}", "\(docker.id)-crashing"]
            #expect(try await self.docker(docker, crashing) == "exited")
        }
    }

    private func prepare(_ docker: DockerFixture) async throws {
        let archive = "\(docker.root)/web.tar"
        try await PodmanTestImage().writeArchive(to: archive, names: ["web:1"])
        try await self.docker(docker, "load", "--input", archive)
        try await self.docker(docker, "network", "create", "--subnet", docker.subnet, docker.id)
    }

    private func start(_ name: String, _ command: [String], _ docker: DockerFixture) async throws {
        let options = [
            "--name", "\(docker.id)-\(name)", "--network", docker.id, "--label", "io.fairlead.stack=\(docker.id)",
            "--restart", "unless-stopped", "--stop-timeout", "1",
        ]
        try await self.docker(docker, ["run", "--detach"] + options + ["web:1"] + command)
    }

    private func docker(_ docker: DockerFixture, _ arguments: String...) async throws {
        try await self.docker(docker, arguments)
    }

    @discardableResult
    private func docker(_ docker: DockerFixture, _ arguments: [String]) async throws -> String {
        let program = try #require(TestProgram.find("docker"))
        var environment = Command.plainEnvironment
        environment["DOCKER_HOST"] = "unix://\(docker.socket)"
        return try await Command(program, arguments, environment: environment).run().text
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
