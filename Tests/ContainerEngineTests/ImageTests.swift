import ContainerEngine
import Model
import TestSupport
import Testing

@Suite("Dropping images", .enabled(if: EngineFixture.canRun))
struct ImageTests {
    @Test("that lost a file of a layer is not intact")
    func damaged() async throws {
        try await EngineFixture.with { fixture in
            let id = try await fixture.sandbox.load(PodmanTestImage(), as: "localhost/\(fixture.sandbox.id):1")
            #expect(try await fixture.engine.isIntact(id))
            try fixture.sandbox.damageImages()
            #expect(try await !fixture.engine.isIntact(id))
            #expect(try await !fixture.engine.isIntact("sha256:" + String(repeating: "0", count: 64)))
        }
    }

    @Test("takes all names of an unused image, keeps one in use with its names, and is no error when it is gone (E3)")
    func removal() async throws {
        try await EngineFixture.with { fixture in
            let spec = try await fixture.spec()
            let container = try await fixture.engine.create(spec)
            let name = "localhost/\(fixture.sandbox.id)"
            try await fixture.sandbox.podman("tag", spec.image, "\(name):used")
            let unused = try await fixture.sandbox.load(PodmanTestImage("old"), as: "\(name):1")
            try await fixture.sandbox.podman("tag", unused, "\(name):2")
            #expect(try await fixture.engine.images().count == 2)
            for _ in 0..<2 { try await fixture.engine.removeImage(unused, force: false) }
            try await fixture.engine.removeImage(spec.image, force: false)
            let left = try await fixture.engine.images()
            #expect(left.map(\.id) == [spec.image])
            #expect(left.first?.names.count == 2)
            #expect(left.first.map { $0.size > 1 << 20 } == true)
            try await fixture.engine.removeContainer(container)
            try await fixture.engine.removeImage(spec.image, force: true)
            #expect(try await fixture.engine.images().isEmpty)
        }
    }
}
