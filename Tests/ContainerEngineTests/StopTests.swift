import ContainerEngine
import Foundation
import Model
import TestSupport
import Testing

@Suite("Stopping and removing a container", .enabled(if: EngineFixture.canRun))
struct StopTests {
    private let deaf = PodmanTestImage(
        "1", command: "/bin/sh", "-c", "trap '' TERM; echo deaf; while true; do sleep 1; done")

    /// Runs one that is deaf to the signal already.
    private func runDeaf(_ fixture: EngineFixture, _ spec: ContainerSpec) async throws -> ContainerStatus {
        let status = try await fixture.run(spec)
        try await fixture.says("deaf", status)
        return status
    }

    @Test("reaches a shell as the first process through the init, and is at once")
    func initProcess() async throws {
        try await EngineFixture.with { fixture in
            let image = PodmanTestImage("1", command: "/bin/sh", "-c", "echo up; while true; do sleep 1; done")
            let status = try await fixture.run(try await fixture.spec("init", image: image))
            // An init that has only just begun does not pass signals on yet.
            try await fixture.says("up", status)
            let start = ContinuousClock.now
            try await fixture.engine.stop(status.id, grace: .seconds(30))
            #expect(start.duration(to: .now) < .seconds(25))
            #expect(try await fixture.engine.inspect(status.id)?.exitCode == 143)
        }
    }

    @Test("kills at the end of its grace what ignores the signal, and not before")
    func grace() async throws {
        try await EngineFixture.with { fixture in
            let status = try await runDeaf(fixture, try await fixture.spec("deaf", image: deaf))
            let start = ContinuousClock.now
            try await fixture.engine.stop(status.id, grace: PlanDuration(milliseconds: 1500))
            let took = start.duration(to: .now)
            #expect(took >= .milliseconds(1500) && took < .seconds(25))
            #expect(try await fixture.engine.inspect(status.id)?.exitCode == 137)
            #expect(try await fixture.engine.inspect(status.id)?.state == .exited)
        }
    }

    @Test("is no error when it is stopped, never ran, or is gone")
    func nothingToDo() async throws {
        try await EngineFixture.with { fixture in
            let id = try await fixture.engine.create(try await fixture.spec())
            for _ in 0..<2 { try await fixture.engine.stop(id, grace: .seconds(1)) }
            try await fixture.engine.start(id)
            for _ in 0..<2 { try await fixture.engine.stop(id, grace: .seconds(1)) }
            for _ in 0..<2 { try await fixture.engine.removeContainer(id) }
            try await fixture.engine.stop(id, grace: .seconds(1))
            #expect(try await fixture.engine.allContainers().isEmpty)
        }
    }

    @Test("is no error when the engine was killed in the middle of a removal, after which it refuses every stop")
    func cutOffRemoval() async throws {
        try await EngineFixture.with { fixture in
            let status = try await fixture.run(try await fixture.spec())
            try await fixture.engine.stop(status.id, grace: .seconds(0))
            try await fixture.sandbox.cutOffRemoval(of: status.id)
            let left = try #require(try await fixture.engine.inspect(status.id))
            #expect(left.state == .stopping && left.process == nil)
            try await fixture.engine.stop(status.id, grace: .seconds(1))
            try await fixture.engine.removeContainer(status.id)
            #expect(try await fixture.engine.allContainers().isEmpty)
            // Its name is free, too.
            _ = try await fixture.run(try await fixture.spec())
        }
    }

    @Test("removes a running container at once, even a deaf one")
    func removesRunning() async throws {
        try await EngineFixture.with { fixture in
            var spec = try await fixture.spec("deaf", image: deaf)
            spec.stopTimeout = .seconds(100)
            let status = try await runDeaf(fixture, spec)
            let start = ContinuousClock.now
            try await fixture.engine.removeContainer(status.id)
            #expect(start.duration(to: .now) < .seconds(50))
            #expect(try await fixture.engine.allContainers().isEmpty)
        }
    }

    @Test("succeeds at any moment of a crash loop")
    func crashing() async throws {
        try await EngineFixture.with { fixture in
            let image = PodmanTestImage("1", command: "/bin/sh", "-c", "exit 7")
            let spec = try await fixture.spec("loop", image: image)
            let engine = fixture.engine
            for stopsFirst in [true, false] {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<12 {
                        group.addTask {
                            var spec = spec
                            spec.name += "-\(number)"
                            let id = try await engine.create(spec)
                            try await engine.start(id)
                            try await Task.sleep(for: .milliseconds(170 * number))
                            if stopsFirst { try await engine.stop(id, grace: .seconds(1)) }
                            try await engine.removeContainer(id)
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(try await engine.allContainers().isEmpty)
            }
        }
    }

    @Test("removes a container whose storage a power cut has damaged; until then it is listed and seen")
    func damaged() async throws {
        try await EngineFixture.with { fixture in
            let status = try await fixture.run(try await fixture.spec())
            let layer = try await fixture.sandbox.podman(
                "inspect", "--format", "{{.GraphDriver.Data.UpperDir}}", status.id)
            try await fixture.engine.stop(status.id, grace: .seconds(1))
            let directory = String(layer.dropLast("/diff".count))
            try #require(layer.hasPrefix(fixture.sandbox.root + "/graph/"))
            for name in ["link", "lower"] { try Data().write(to: URL(filePath: "\(directory)/\(name)")) }
            let error = await engineError { try await fixture.engine.start(status.id) }
            #expect(error?.message.hasPrefix("cannot start container") == true)
            #expect(try await fixture.engine.inspect(status.id)?.state == .exited)
            try await fixture.engine.removeContainer(status.id)
            #expect(try await fixture.engine.allContainers().isEmpty)
            #expect(try await fixture.engine.inspect(status.id) == nil)
        }
    }
}

@Suite("The monitor of a container that is removed")
struct LeftMonitorTests {
    /// A shell under the name of Podman's monitor, whose container counts its processes itself, where the host lets it.
    private func monitor(of container: String, watching program: String, in scratch: Scratch) throws -> Process {
        let monitor = Process()
        monitor.executableURL = URL(filePath: "/usr/bin/env")
        let apart = geteuid() == 0 ? ["unshare", "--pid"] : []
        monitor.arguments = apart + [scratch.path + "/conmon", "-c", "\(program) 600; exit 1", "-u", container]
        try monitor.run()
        return monitor
    }

    @Test("goes with it and what it watched, which the engine may not know of; that of another one stays")
    func left() async throws {
        let scratch = try Scratch()
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/conmon", withDestinationPath: "/bin/sh")
        // A program of a container may be called as the engine is.
        let podman = geteuid() == 0 ? scratch.path + "/podman" : "sleep"
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/podman", withDestinationPath: "/bin/sleep")
        let ids = (0..<2).map { _ in UUID().uuidString }
        let monitors = try zip(ids, [podman, "sleep"]).map { try monitor(of: $0, watching: $1, in: scratch) }
        let removed = StubEngine.json("200 OK", "[]")
        let stub = try StubEngine([StubEngine.ping, ("DELETE /v4.0.0/libpod/containers/", removed)])
        defer { stub.close() }
        let engine = stub.engine()
        #expect(try await EngineFixture.eventually { ids.allSatisfy(PodmanEngine.hasMonitor) })
        try await engine.removeContainer(ids[0])
        // By itself, since what it watched is gone.
        #expect(try await EngineFixture.eventually { !monitors[0].isRunning })
        #expect(monitors[0].terminationReason == .exit)
        #expect(monitors[1].isRunning && PodmanEngine.hasMonitor(ids[1]))
        try await engine.removeContainer(ids[1])
        #expect(try await EngineFixture.eventually { !monitors[1].isRunning })
        await engine.shutDown()
    }
}

extension EngineFixture {
    fileprivate func says(_ word: String, _ status: ContainerStatus) async throws {
        #expect(try await Self.eventually { try await engine.logTail(status.id, lines: 1) == word })
    }
}
