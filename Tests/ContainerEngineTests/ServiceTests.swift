import ContainerEngine
import Foundation
import Model
import TestSupport
import Testing

@Suite("The engine's service", .enabled(if: EngineFixture.canRun))
struct ServiceTests {
    @Test("is started once where nothing listens, even for many calls at once, and leaves by itself")
    func startsOnce() async throws {
        try await EngineFixture.with { fixture in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<10 { group.addTask { _ = try await fixture.engine.allContainers() } }
                try await group.waitForAll()
            }
            let pids = fixture.sandbox.servicePIDs()
            #expect(pids.count == 1)
            let arguments = FileManager.default.contents(atPath: "/proc/\(try #require(pids.first))/cmdline")
            #expect(String(decoding: try #require(arguments), as: UTF8.self).contains("--time=60"))
            #expect(try await fixture.engine.version().product == .podman)
        }
    }

    @Test("killed in the middle, with its socket left behind, is started again by the next call; containers go on")
    func killed() async throws {
        try await EngineFixture.with { fixture in
            let before = try await fixture.run(try await fixture.spec())
            await fixture.sandbox.killService()
            #expect(FileManager.default.fileExists(atPath: fixture.sandbox.socket))
            let after = try #require(try await fixture.engine.inspect(before.id))
            #expect(after == before)
            #expect(after.state == .running)
            #expect(fixture.sandbox.servicePIDs().count == 1)
        }
    }

    @Test("is started again and again, whatever the service before it said at its end")
    func startsAgain() async throws {
        try await EngineFixture.with { fixture in
            for _ in 0..<8 {
                _ = try await fixture.engine.allContainers()
                await fixture.sandbox.killService()
                // The last words of a service that is dead; its process id is free.
                try "999999999\ntime=\"now\" level=warning msg=\"old\"\n".write(
                    toFile: fixture.sandbox.socket + ".log", atomically: true, encoding: .utf8)
            }
        }
    }

    @Test("killed while it works fails that call as transient; the next one works")
    func killedWhileWorking() async throws {
        let silent = try SilentServer()
        try await EngineFixture.with(insecureRegistries: [silent.address]) { fixture in
            _ = try await fixture.engine.allContainers()
            async let pull = engineError {
                let image = try #require(ImageReference("\(silent.address)/acme/web:1"))
                return try await fixture.engine.pull(image, credentials: nil) { _ in }
            }
            #expect(try await EngineFixture.eventually { silent.hasVisitor })
            await fixture.sandbox.killService()
            #expect(await pull?.disposition == .transient)
            #expect(try await fixture.engine.allContainers().isEmpty)
        }
    }

    @Test("that cannot start says Podman's reason; where it may not be started, how to start it")
    func cannotStart() async throws {
        try await EngineFixture.with(
            changing: EngineChange { $0.environment = ["CONTAINERS_STORAGE_CONF": "/nonexistent/storage.conf"] }
        ) {
            fixture in
            let error = await engineError { try await fixture.engine.allContainers() }
            #expect(error?.reason == .unreachable)
            #expect(error?.message.contains("storage.conf") == true, "\(error?.description ?? "")")
        }
        try await EngineFixture.with(changing: EngineChange { $0.startsService = false }) { fixture in
            let error = await engineError { try await fixture.engine.allContainers() }
            #expect(error?.reason == .unreachable)
            #expect(error?.hint.contains("podman.socket") == true)
            #expect(error?.disposition == .transient)
        }
        try await EngineFixture.with(
            changing: EngineChange { $0.socket = "/run/" + String(repeating: "x", count: 110) }
        ) {
            fixture in
            let error = await engineError { try await fixture.engine.allContainers() }
            #expect(error?.message.contains("107") == true, "\(error?.description ?? "")")
        }
    }
}
