import Planning
import TestSupport
import Testing

@testable import PodmanEngine

@Suite("Looking into images", .enabled(if: EngineFixture.canRun))
struct ImageInsightTests {
    @Test("tells platform, command, volumes and health check of an image, and nothing of one that is not there")
    func configuration() async throws {
        try await EngineFixture.with { fixture in
            var image = PodmanTestImage("1.0.0")
            image.architecture = "s390x"
            image.volumes = ["/data/", "/log"]
            image.healthcheck = "test -e /x"
            let id = try await fixture.sandbox.load(image, as: "localhost/\(fixture.sandbox.id):1")
            let found = try #require(try await fixture.engine.configuration(ofImage: id))
            #expect(found.platform == "linux/s390x")
            #expect(found.command == image.command && found.entrypoint == [])
            #expect(found.facts.volumes == ["/data", "/log"])
            #expect(found.facts.health?.check == .command(["/bin/sh", "-c", "test -e /x"]))
            #expect(found.facts.health?.interval == .seconds(1) && found.facts.health?.retries == 2)
            #expect(try await fixture.engine.configuration(ofImage: "localhost/nowhere:1") == nil)
        }
    }

    @Test("finds what a container wrote below a path, and not what the engine made for its mounts")
    func written() async throws {
        try await EngineFixture.with { fixture in
            let host = try Scratch()
            var spec = try await fixture.spec()
            spec.mounts = [MountSpec(source: host.path, target: "/data/mounted/deep", readOnly: false)]
            let container = try await fixture.run(spec)
            func written() async throws -> [String] {
                try await fixture.engine.writtenPaths(
                    in: container.id, below: ["/data", "/www"], beside: ["/data/mounted/deep"])
            }
            #expect(try await written() == [])
            try await fixture.sandbox.podman("exec", container.id, "/bin/touch", "/data/mounted/deep/x", "/tmp/x")
            #expect(try await written() == [])
            try await fixture.sandbox.podman("exec", container.id, "/bin/sh", "-c", "echo new > /www/version")
            #expect(try await written() == ["/www"])
            try await fixture.sandbox.podman("exec", container.id, "/bin/mkdir", "/data/rows")
            #expect(try await written() == ["/data", "/www"])
            try await fixture.engine.removeContainer(container.id)
            #expect(try await written() == [])
        }
    }
}
